import type { Turn } from '../../../base/seams/turn.ts';
import { afterMicrotasks } from '../../../platform/time/after-microtasks.ts';
import type { SharedWords } from '../channels/shared-words.ts';

/**
 * The macrotasks of a session, each marked in the shared words as a turn of user code: from its start until all its microtasks have run.
 * User code runs in microtasks of these turns only.
 */
export function phaseTurn(turn: Turn, words: SharedWords): Turn {
  return {
    next(run) {
      turn.next(() => {
        words.beginTurn();
        // A tick that is asked for inside a microtask runs after ALL microtasks of the turn.
        void Promise.resolve().then(() => afterMicrotasks(() => words.endTurn()));
        run();
      });
    },
  };
}
