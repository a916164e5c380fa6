import type { ContextId } from '../../base/brand.ts';
import { HANDLE } from '../../wire/frames/handles.ts';
import type { Message } from '../child/core/messages/messages.ts';

interface UnderWay {
  readonly id: ContextId;
  readonly sinceMs: number;
}

/** Which calls have left and were not answered, by the mailboxes in which their answers are awaited. What is in them is not looked at. */
export class CallsUnderWay {
  readonly #calls = new Map<number, UnderWay>();

  sent({ dst, handle, replyTo }: Omit<Message, 'src'>, nowMs: number): void {
    if (handle === HANDLE.CALL) this.#calls.set(replyTo, { id: dst, sinceMs: nowMs });
  }

  received({ handle, src }: Pick<Message, 'handle' | 'src'>): void {
    if (this.#calls.get(handle)?.id === src) this.#calls.delete(handle);
  }

  /** A context is gone: nothing of it is answered any more. */
  lost(id: ContextId): void {
    for (const [mailbox, call] of this.#calls) if (call.id === id) this.#calls.delete(mailbox);
  }

  /** How many a context has, and for how many milliseconds the oldest of them. */
  of(id: ContextId, nowMs: number): { readonly count: number; readonly oldestMs: number } {
    const own = [...this.#calls.values()].filter((call) => call.id === id);
    return { count: own.length, oldestMs: Math.max(0, ...own.map(({ sinceMs }) => nowMs - sinceMs)) };
  }
}
