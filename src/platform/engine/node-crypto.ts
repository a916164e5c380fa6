// node:crypto, loaded when a function of it is first wanted. To load it takes 10 ms of processor time, and a process may do without.
import type * as NodeCrypto from 'node:crypto';

/** Runs what it is given, at once, where modules of Node may be loaded. */
type Around = <T>(load: () => T) => T;

// Taken when this file loads, before anything is patched. A Node that is too old has none, and is told so later.
const { getBuiltinModule } = process;

let found: typeof NodeCrypto | undefined;
let around: Around | undefined;

/** Says that nothing but this file loads it in this process, and that a program may replace functions of it later. Once per process. */
export function loadCryptoLate(run: Around): void {
  around = run;
}

function load(): typeof NodeCrypto {
  const exports = Reflect.apply(getBuiltinModule, process, ['node:crypto']);
  // A copy, whatever is put into the module later. With its getters: what these give is not loaded with it.
  return Object.create(null, Object.getOwnPropertyDescriptors(exports)) as typeof NodeCrypto;
}

/** The functions of node:crypto as Node made them. Loads it. */
export function nodeCrypto(): typeof NodeCrypto {
  found ??= around === undefined ? load() : around(load);
  return found;
}

/** Whether there can be objects of its classes in this process. Loads nothing. */
export const isCryptoLoaded = (): boolean => found !== undefined || around === undefined;
