// Calls of a unit that go with its orders, and whose answers come with its reports.
import { ResproutError } from '../../base/errors/errors.ts';
import type { Answer, CallOrder, Report, UnitCall } from '../unit/messages.ts';

interface Waiting {
  readonly answer: PromiseWithResolvers<Answer>;
  /** Takes the listener from the signal again. */
  readonly forget: (() => void) | undefined;
}

/** The calls of one life. Whoever has it ends it with the life. */
export class UnitCalls {
  readonly #name: string;
  readonly #send: (order: CallOrder) => void;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 1;
  #hasEnded = false;

  /** @param send may throw what is wrong with the arguments */
  constructor(name: string, send: (order: CallOrder) => void) {
    this.#name = name;
    this.#send = send;
  }

  /**
   * Makes a call. The signal tells the unit that nobody waits; the answer is waited for all the same. It rejects with UNIT_LOST when the life ends
   * before it has answered.
   * @throws ResproutError REMOTE_VALUE_UNSENDABLE; UNIT_LOST after its end
   */
  call(call: UnitCall, signal: AbortSignal | undefined): Promise<Answer> {
    if (this.#hasEnded) throw this.#lost();
    const id = this.#nextId++;
    this.#send({ kind: 'call', id, ...call });
    const answer = Promise.withResolvers<Answer>();
    this.#waiting.set(id, { answer, forget: signal === undefined ? undefined : this.#follow(id, signal) });
    return answer.promise;
  }

  /** An answer has come. One that nobody waits for is that of another program: it is left out. */
  onAnswer({ id, ...answer }: Extract<Report, { readonly kind: 'answer' }>): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    waiting?.forget?.();
    waiting?.answer.resolve(answer);
  }

  /** The life has ended. Twice is fine. */
  end(): void {
    this.#hasEnded = true;
    for (const { answer, forget } of this.#waiting.values()) {
      forget?.();
      answer.reject(this.#lost());
    }
    this.#waiting.clear();
  }

  #follow(id: number, signal: AbortSignal): () => void {
    const onAbort = (): void => this.#send({ kind: 'abort', id });
    signal.addEventListener('abort', onAbort, { once: true });
    return () => signal.removeEventListener('abort', onAbort);
  }

  #lost(): ResproutError {
    return new ResproutError('UNIT_LOST', `${this.#name} ended before it had answered`, { tried: `call ${this.#name}`, saw: 'its end' });
  }
}
