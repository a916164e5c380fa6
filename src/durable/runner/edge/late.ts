// Most programs have no use for the builtins that talk with what is outside (sockets, HTTP, child processes), nor for node:crypto. Loading and
// patching these takes much of the start of a runner, so it is done when a program, or a package of it, first asks for one of them.
//   L1. No code of a program holds an unpatched function of a late builtin: whichever way it gets one, `need` has run before.
//       One that cannot be loaded, such as for want of descriptors, is not had at all, and is tried again.
//   L2. What is loaded late belongs to no session, whoever asked first, and takes no patched function of another builtin.
import { isBuiltin, registerHooks, syncBuiltinESMExports } from 'node:module';
import { whenFetchLoaded } from '../../../platform/engine/fetch-client.ts';
import { loadCryptoLate } from '../../../platform/engine/node-crypto.ts';
import { requireFrom } from '../../../platform/engine/node-require.ts';
import { type Patcher, unpatched } from '../globals/patch.ts';
import type * as LateBuiltins from '../late-builtins.ts';
import { outside } from '../puppets/here.ts';
import { LateGlobal } from './late-global.ts';

/** Builtins that lead to none of the late ones. Every other name, also one that a later Node brings, is taken for late. */
export const EARLY: ReadonlySet<string> = new Set([
  'assert',
  'assert/strict',
  'async_hooks',
  'buffer',
  'console',
  'constants',
  'diagnostics_channel',
  'events',
  'fs',
  'fs/promises',
  'inspector',
  'inspector/promises',
  'os',
  'path',
  'path/posix',
  'path/win32',
  'perf_hooks',
  'process',
  'punycode',
  'querystring',
  'readline',
  'readline/promises',
  'stream',
  'stream/consumers',
  'stream/promises',
  'string_decoder',
  'timers',
  'timers/promises',
  'url',
  'util',
  'util/types',
  'v8',
]);

/** What is loaded and patched together. */
type Group = 'crypto' | 'talk';

/** The file of a group. */
interface GroupFile {
  readonly patchLate: (patcher: Patcher) => void;
  /** Values of its global names that could not be known before. */
  readonly globals?: () => Readonly<Record<string, object>>;
}

interface GroupFacts {
  readonly file: string;
  /** What has to be there before: its builtins use that one. */
  readonly after?: Group;
  /** Globals that are made of its builtins without a function of ours between them. CryptoKey has no function that is patched. */
  readonly globals: readonly string[];
}

const GROUPS: Readonly<Record<Group, GroupFacts>> = {
  crypto: { file: 'late-crypto', globals: ['crypto', 'Crypto', 'SubtleCrypto'] },
  talk: { file: 'late-builtins', after: 'crypto', globals: ['WebSocket', 'CompressionStream', 'DecompressionStream'] },
};

/**
 * Globals with which Node loads late builtins by itself. To look at one is enough, so none can be watched: programs whose text has such a name get
 * the late builtins first. One that writes the name in another way has them a moment later.
 */
const LOADS_ITSELF = /\b(?:fetch|Headers|Request|Response|FormData|WebSocket|EventSource|MessageEvent|CloseEvent)\b/;

function groupOf(specifier: string): Group | undefined {
  if (!isBuiltin(specifier)) return undefined;
  const name = specifier.startsWith('node:') ? specifier.slice('node:'.length) : specifier;
  if (name === 'crypto') return 'crypto';
  return EARLY.has(name) ? undefined : 'talk';
}

const own = import.meta.url;

function fileOf(group: Group): unknown {
  const { file } = GROUPS[group];
  const { pathname } = new URL(own.endsWith('.ts') ? `../${file}.ts` : `../${file}.js`, own);
  return requireFrom(decodeURIComponent(pathname))(decodeURIComponent(pathname));
}

/** Loads and patches a group. What is done is not there any more, and nothing is in a process where nothing is patched. */
const loads = new Map<Group, () => void>();

function need(group: Group): void {
  loads.get(group)?.();
}

/** Loads and patches the builtins that `specifier` leads to, when these are late and not there yet. */
export function needLate(specifier: string): void {
  const group = groupOf(specifier);
  if (group !== undefined) need(group);
}

/** As `needLate` for a file of the program that is about to run. @param text of the file */
export function needLateFor(text: string): void {
  if (LOADS_ITSELF.test(text)) need('talk');
}

/** What is loaded with the late builtins, which are there then. */
export function lateBuiltins(): typeof LateBuiltins {
  need('talk');
  return fileOf('talk') as typeof LateBuiltins;
}

/** Runs something that loads modules of Node. */
const loadAsNode = <T>(run: () => T): T => outside(() => unpatched(run));

/** @param whenDone runs once, when the group is there */
function watchGroup(patcher: Patcher, group: Group, whenDone: () => void): void {
  const { after, globals } = GROUPS[group];
  const watched = globals.flatMap((name) => LateGlobal.watch(patcher, name, () => need(group)) ?? []);
  let isLoading = false;
  loads.set(group, () => {
    // What is loaded asks too.
    if (isLoading) return;
    isLoading = true;
    try {
      if (after !== undefined) need(after);
      const file = loadAsNode(() => fileOf(group)) as GroupFile;
      outside(() => file.patchLate(patcher));
      const values = file.globals?.() ?? {};
      for (const one of watched) one.putBack(values[one.name]);
      syncBuiltinESMExports();
      loads.delete(group);
      whenDone();
    } finally {
      isLoading = false;
    }
  });
}

/** Watches every way to a late builtin. */
export function patchLate(patcher: Patcher): void {
  // Whatever is loaded past the program's modules comes by here: packages that Node loads, `import()` in a text that is evaluated.
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      needLate(specifier);
      return next(specifier, context);
    },
  });
  const whenDone = (): void => {
    if (loads.size === 0) hooks.deregister();
  };
  for (const group of ['crypto', 'talk'] as const) watchGroup(patcher, group, whenDone);
  loadCryptoLate(loadAsNode);
  whenFetchLoaded(() => need('talk'));
}
