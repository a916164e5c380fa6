// Builtins that leave JavaScript and are loaded with every runner, one line each. Their originals are taken when their files load.
import type { Patcher } from '../globals/patch.ts';
import { patchChannels } from './observe/channels.ts';
import { patchMachineReads } from './observe/machine-reads.ts';
import { patchTimeline } from './observe/timeline.ts';
import { patchWasm } from './wasm.ts';

/** Patches them. */
export function patchBuiltins(patcher: Patcher): void {
  patchMachineReads(patcher);
  patchTimeline(patcher);
  patchChannels(patcher);
  patchWasm(patcher);
}
