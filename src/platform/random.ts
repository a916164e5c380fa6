import type { Random } from '../base/seams/random.ts';
import { nodeCrypto } from './engine/node-crypto.ts';

// Taken when this file loads, before anything is patched.
const realFraction = Math.random;

/** Chance of this process: the system's generator for bytes, Math.random for jitter. */
export const realRandom: Random = {
  bytes: (count) => new Uint8Array(nodeCrypto().randomBytes(count)),
  fraction: () => realFraction(),
};
