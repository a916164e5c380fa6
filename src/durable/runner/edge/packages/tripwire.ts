// Ways out of JavaScript that nothing records. Code of a session that takes one ends the session, also when it catches the error: what follows
// would be an effect that every replay makes again.
import { syncBuiltinESMExports } from 'node:module';
import { ResproutError } from '../../../../base/errors/errors.ts';
import { builtinExports } from '../../../../platform/engine/builtins.ts';
import type { Realm } from '../../../replay/session/realm.ts';
import type { Session } from '../../../replay/session/session-api.ts';
import { Patcher } from '../../globals/patch.ts';
import { packagesOf, type PackageStack } from './package-stack.ts';

type AnyFunction = (...args: unknown[]) => unknown;

/** What the program is told. @param what the builtin's function, such as `node:cluster.fork` */
function needsBoundary(session: Session, what: string, { user, inner, file }: PackageStack): ResproutError {
  const name = user ?? inner;
  const site = session.world.site('tripwire');
  const at = site.line > 0 ? ` (called at ${site.file}:${String(site.line)})` : '';
  const who =
    name === undefined ? 'the program' : name === inner ? `${name} (runs inline)` : `${name} (runs inline) uses ${inner ?? ''}, which`;
  return new ResproutError('PACKAGE_NEEDS_BOUNDARY', `${who} calls ${what}, which is not recorded and which a replay cannot repeat${at}`, {
    tried: `to call ${what}${at}`,
    ...(file === undefined ? {} : { saw: file }),
    kept: 'Everything recorded before it; the session goes on only with the packages as they were',
    ...(name === undefined
      ? { do: `Call it inside activity(), or in a package of its own that is a boundary` }
      : { do: `Write { "packages": { "${name}": "boundary" } } into resprout.config.json, then run the program again` }),
  });
}

/** Stops the session of the code that runs. Returns in activities, while packages load, and outside of sessions. @throws ResproutError */
function guard(patcher: Patcher, what: string): void {
  const scope = patcher.realm.context.current();
  const session =
    scope?.kind === 'session' || (scope?.kind === 'load' && scope.how.isLate && scope.how.isInline) ? scope.session : undefined;
  if (session?.open !== true) return;
  throw session.fail(needsBoundary(session, what, packagesOf(new Error(what).stack ?? '')));
}

function watch(patcher: Patcher, holder: object, key: string, what: string): void {
  const original: unknown = Reflect.get(holder, key);
  if (typeof original !== 'function') return;
  patcher.replace(holder, key, 'own', function (this: unknown, ...args: unknown[]): unknown {
    guard(patcher, what);
    return Reflect.apply(original as AnyFunction, this, args);
  });
}

/** Add-ons that only make pure work faster, by a part of their path: what they do needs no record. */
const PURE_ADDON =
  /\/node_modules\/(?:bufferutil|utf-8-validate|@msgpackr-extract|msgpackr-extract|cpu-features|ssh2|cbor-extract|@cbor-extract)\b/;

/** Patches the loading of add-ons. */
export function patchAddons(patcher: Patcher): void {
  const dlopen = process.dlopen.bind(process) as AnyFunction;
  patcher.replace(process, 'dlopen', 'own', (...args: unknown[]): unknown => {
    if (!PURE_ADDON.test(String(args[1]))) guard(patcher, `process.dlopen of ${String(args[1]).replace(/^.*\/node_modules\//, '')}`);
    return dlopen(...args);
  });
}

const watched = new WeakSet<Realm>();

/**
 * Patches the functions of builtins. Called before the first package is loaded: programs without packages do not pay for builtins that they
 * never use.
 */
export function watchPackages(realm: Realm): void {
  if (watched.has(realm)) return;
  watched.add(realm);
  const patcher = new Patcher(realm);
  for (const [module, keys] of Object.entries(WATCHED)) {
    const holder = builtinExports(`node:${module}`);
    for (const key of holder === undefined ? [] : keys) watch(patcher, holder as object, key, `node:${module}.${key}`);
  }
  syncBuiltinESMExports();
}

/** Functions that leave JavaScript unrecorded, by builtin. */
const WATCHED: Readonly<Record<string, readonly string[]>> = {
  cluster: ['fork'],
  inspector: ['open'],
  repl: ['start'],
};
