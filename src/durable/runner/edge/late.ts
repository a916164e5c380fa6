// Most programs have no use for the builtins that talk with what is outside: sockets, HTTP, child processes. Loading and patching these takes
// a third of the start of a runner, so it is done when a program, or a package of it, first asks for one of them.
//   L1. No code of a program holds an unpatched function of a late builtin: whichever way it gets one, `needLate` has run before.
//       One that cannot be loaded, such as for want of descriptors, is not had at all, and is tried again.
//   L2. What is loaded late belongs to no session, whoever asked first, and takes no patched function of another builtin.
import { isBuiltin, registerHooks, syncBuiltinESMExports } from 'node:module';
import { whenFetchLoaded } from '../../../platform/engine/fetch-client.ts';
import { requireFrom } from '../../../platform/engine/node-require.ts';
import { type Patcher, unpatched } from '../globals/patch.ts';
import type * as LateBuiltins from '../late-builtins.ts';
import { outside } from '../puppets/here.ts';

/** Builtins that lead to none of the late ones. Every other name, also one that a later Node brings, is taken for late. */
export const EARLY: ReadonlySet<string> = new Set([
  'assert',
  'assert/strict',
  'async_hooks',
  'buffer',
  'console',
  'constants',
  'crypto',
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

/** Globals that are made of late builtins without a function of ours between them. */
const GLOBALS = ['WebSocket', 'CompressionStream', 'DecompressionStream'] as const;

/**
 * Globals with which Node loads late builtins by itself. To look at one is enough, so none can be watched: programs whose text has such a name get
 * the late builtins first. One that writes the name in another way has them a moment later.
 */
const LOADS_ITSELF = /\b(?:fetch|Headers|Request|Response|FormData|WebSocket|EventSource|MessageEvent|CloseEvent)\b/;

const isLate = (specifier: string): boolean =>
  isBuiltin(specifier) && !EARLY.has(specifier.startsWith('node:') ? specifier.slice('node:'.length) : specifier);

const own = import.meta.url;
const file = decodeURIComponent(new URL(own.endsWith('.ts') ? '../late-builtins.ts' : '../late-builtins.js', own).pathname);

/** Loads and patches them. Undefined when that is done, or nothing is patched in this process. */
let load: (() => void) | undefined;

/** Loads and patches the late builtins when `specifier` is one of them and they are not there yet. */
export function needLate(specifier: string): void {
  if (isLate(specifier)) load?.();
}

/** As `needLate` for a file of the program that is about to run. @param text of the file */
export function needLateFor(text: string): void {
  if (LOADS_ITSELF.test(text)) load?.();
}

/** What is loaded with the late builtins, which are there then. */
export function lateBuiltins(): typeof LateBuiltins {
  load?.();
  return requireFrom(file)(file) as typeof LateBuiltins;
}

/** A global that is what it was, or what the late patches make of it, as soon as somebody looks. */
function watchGlobal(patcher: Patcher, name: string, need: () => void): void {
  if (!(name in globalThis)) return;
  // WebSocket is no accessor, and to read so much as its descriptor would load Node's client of HTTP: the late patches put their own in its place.
  const before = name === 'WebSocket' ? undefined : Object.getOwnPropertyDescriptor(globalThis, name);
  const restore = (): void => {
    if (before === undefined) Reflect.deleteProperty(globalThis, name);
    else Object.defineProperty(globalThis, name, before);
    need();
  };
  const get = (): unknown => {
    restore();
    return Reflect.get(globalThis, name) as unknown;
  };
  const set = (value: unknown): void => {
    restore();
    Reflect.set(globalThis, name, value);
  };
  for (const fn of [get, set]) patcher.realm.kinds.mark(fn, 'language');
  if (Reflect.deleteProperty(globalThis, name))
    Object.defineProperty(globalThis, name, { configurable: true, enumerable: before?.enumerable ?? false, get, set });
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
  let isLoading = false;
  load = () => {
    // What is loaded asks too.
    if (isLoading) return;
    isLoading = true;
    try {
      outside(() => {
        unpatched(lateBuiltins).patchLateBuiltins(patcher);
        syncBuiltinESMExports();
      });
      load = undefined;
      hooks.deregister();
    } finally {
      isLoading = false;
    }
  };
  const need = (): void => load?.();
  for (const name of GLOBALS) watchGlobal(patcher, name, need);
  whenFetchLoaded(need);
}
