// Builtins that leave JavaScript, one line each. Their originals are taken when their files load.
import { whenFetchLoaded } from '../../../platform/engine/fetch-client.ts';
import type { Patcher } from '../globals/patch.ts';
import { patchCrypto } from './crypto/patch.ts';
import { patchDns } from './dns.ts';
import { patchMachineReads } from './machine-reads.ts';
import { patchWasm } from './wasm.ts';
import { patchOwnUndici } from './undici/patch-undici.ts';
import { patchZlib } from './zlib/patch.ts';

/** Patches them. */
export function patchBuiltins(patcher: Patcher): void {
  patchZlib(patcher);
  patchCrypto(patcher);
  patchDns(patcher);
  patchMachineReads(patcher);
  patchWasm(patcher);
  whenFetchLoaded(() => patchOwnUndici(patcher));
}
