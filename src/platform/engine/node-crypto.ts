// node:crypto, loaded when a function of it is first wanted. To load it takes 10 ms of processor time, and a process may do without.
import type * as NodeCrypto from 'node:crypto';

// Taken when this file loads, before anything is patched. A Node that is too old has none, and is told so later.
const { getBuiltinModule } = process;

let found: typeof NodeCrypto | undefined;
let around: ((load: () => void) => void) | undefined;

/**
 * Says that nothing but this file loads it in this process, and that a program may replace functions of it later. Once per process.
 * @param run runs what it is given, at once, where modules of Node may be loaded
 */
export function loadCryptoLate(run: (load: () => void) => void): void {
  around = run;
}

function load(): void {
  const exports = Reflect.apply(getBuiltinModule, process, ['node:crypto']);
  // A copy, whatever is put into the module later. With its getters: what these give is not loaded with it.
  found = Object.create(null, Object.getOwnPropertyDescriptors(exports)) as typeof NodeCrypto;
}

/** The functions of node:crypto as Node made them, in whoever's hands it is by now. Loads it. */
export function nodeCrypto(): typeof NodeCrypto {
  if (found === undefined) (around ?? ((run) => run()))(load);
  if (found === undefined) throw new TypeError('node:crypto was not loaded');
  return found;
}

/** Whether there can be objects of its classes in this process. Loads nothing. */
export const isCryptoLoaded = (): boolean => found !== undefined || around === undefined;
