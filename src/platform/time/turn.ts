import type { Turn } from '../../base/seams/turn.ts';

// Taken when this file loads, before anything is patched.
const realSetImmediate = setImmediate;

/** The next macrotask of this process. Node drains ticks and microtasks after each one, so two of them never share a turn. */
export const realTurn: Turn = {
  next(run) {
    realSetImmediate(run);
  },
};
