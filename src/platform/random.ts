import type { Random } from '../base/seams/random.ts';
import { nodeCrypto } from './engine/node-crypto.ts';

// Taken when this file loads, before anything is patched.
const realFraction = Math.random;

/** Chance of this process: the system's generator for bytes, Math.random for jitter. */
export const realRandom: Random = {
  bytes(count) {
    const bytes = new Uint8Array(count);
    bytes.set(nodeCrypto().randomBytes(count));
    return bytes;
  },
  fraction: () => realFraction(),
};
