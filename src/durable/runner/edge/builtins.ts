// Builtins that leave JavaScript and are loaded with every runner, one line each. Their originals are taken when their files load.
import type { Patcher } from '../globals/patch.ts';
import { patchMachineReads } from './machine-reads.ts';
import { patchWasm } from './wasm.ts';

/** Patches them. */
export function patchBuiltins(patcher: Patcher): void {
  patchMachineReads(patcher);
  patchWasm(patcher);
}
