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
const RealProxy = Proxy;

/** What the program is told. @param what the builtin's function, such as `node:cluster.fork` @param instead what it can do itself */
function needsBoundary(session: Session, what: string, instead: string, { user, inner, file }: PackageStack): ResproutError {
  const name = user ?? inner;
  const site = session.world.site('tripwire');
  const at = site.line > 0 ? ` (called at ${site.file}:${String(site.line)})` : '';
  const who =
    name === undefined ? 'the program' : name === inner ? `${name} (runs inline)` : `${name} (runs inline) uses ${inner ?? ''}, which`;
  return new ResproutError('PACKAGE_NEEDS_BOUNDARY', `${who} calls ${what}, which is not recorded and which a replay cannot repeat${at}`, {
    tried: `to call ${what}${at}`,
    ...(file === undefined ? {} : { saw: file }),
    kept: `Everything recorded before it${name === undefined ? '' : '; the session goes on only with the packages as they were'}`,
    ...(name === undefined
      ? { do: instead }
      : { do: `Write { "packages": { "${name}": "boundary" } } into resprout.config.json, then run the program again` }),
  });
}

const IN_AN_ACTIVITY = 'Call it inside activity(), or in a package of its own that is a boundary';

/** Stops the session of the code that runs. Returns in activities, while packages load, and outside of sessions. @throws ResproutError */
function guard(patcher: Patcher, what: string, instead = IN_AN_ACTIVITY): void {
  const scope = patcher.realm.context.current();
  const session =
    scope?.kind === 'session' || (scope?.kind === 'load' && scope.how.isLate && scope.how.isInline) ? scope.session : undefined;
  if (session?.open !== true) return;
  throw session.fail(needsBoundary(session, what, instead, packagesOf(new Error(what).stack ?? '')));
}

function watch(patcher: Patcher, holder: object, key: string, what: string, instead?: string): void {
  const original: unknown = Reflect.get(holder, key);
  if (typeof original !== 'function') return;
  const watched = new RealProxy(original as AnyFunction, {
    apply(target, self, args: unknown[]): unknown {
      guard(patcher, what, instead);
      return Reflect.apply(target, self, args);
    },
    construct(target, args: unknown[], asked): object {
      guard(patcher, what, instead);
      return Reflect.construct(target, args, asked === watched ? target : asked) as object;
    },
  });
  patcher.replace(holder, key, 'own', watched);
}

/** Add-ons that only make pure work faster, by a part of their path: what they do needs no record. */
const PURE_ADDON =
  /\/node_modules\/(?:bufferutil|utf-8-validate|@msgpackr-extract|msgpackr-extract|cpu-features|ssh2|cbor-extract|@cbor-extract)\b/;

/** Patches what every process has: the loading of add-ons, and the way to become another program. */
export function patchWaysOut(patcher: Patcher): void {
  const dlopen = process.dlopen.bind(process) as AnyFunction;
  patcher.replace(process, 'dlopen', 'own', (...args: unknown[]): unknown => {
    if (!PURE_ADDON.test(String(args[1]))) guard(patcher, `process.dlopen of ${String(args[1]).replace(/^.*\/node_modules\//, '')}`);
    return dlopen(...args);
  });
  watch(patcher, process, 'execve', 'process.execve', 'Start the other program with spawn(), and end with its exit code');
}

/** Functions and classes that leave JavaScript unrecorded, by builtin. */
type WaysOut = Readonly<Record<string, readonly string[]>>;

const WATCHED: WaysOut = {
  'node:cluster': ['fork'],
  'node:inspector': ['open'],
  'node:inspector/promises': ['open'],
  'node:wasi': ['WASI'],
};

/** What a package may take past its streams, which a program gives its own. */
const WATCHED_IN_PACKAGES: WaysOut = { ...WATCHED, 'node:repl': ['start'] };

const watched = new WeakMap<Realm, Set<string>>();

/**
 * Patches such functions of a builtin, if it has some. Called when a program gets that builtin: others do not pay for it.
 * @param target as a build names it, such as `node:cluster`
 */
export function watchBuiltin(realm: Realm, target: string, among: WaysOut = WATCHED): void {
  const keys = Object.hasOwn(among, target) ? among[target] : undefined;
  const done = watched.get(realm) ?? new Set();
  watched.set(realm, done);
  if (keys === undefined || done.has(target)) return;
  done.add(target);
  const holder = builtinExports(target);
  if (holder === undefined) return;
  const patcher = new Patcher(realm);
  for (const key of keys) watch(patcher, holder as object, key, `${target}.${key}`);
  syncBuiltinESMExports();
}

/**
 * Patches them in all builtins. Called before the first package is loaded: what that takes nobody sees. One that takes node:wasi, which warns when it
 * is loaded, is a boundary.
 */
export function watchPackages(realm: Realm): void {
  for (const target of Object.keys(WATCHED_IN_PACKAGES)) if (target !== 'node:wasi') watchBuiltin(realm, target, WATCHED_IN_PACKAGES);
}
