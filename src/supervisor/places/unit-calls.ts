// Calls of a unit that go with its orders, and whose answers come with its reports.
import { ResproutError } from '../../base/errors/errors.ts';
import type { Answer, CallOrder, Report, UnitCall } from '../unit/messages.ts';

/** The calls of one life. Whoever has it ends it with the life. */
export class UnitCalls {
  readonly #name: string;
  readonly #send: (order: CallOrder) => void;
  readonly #waiting = new Map<number, PromiseWithResolvers<Answer>>();
  #nextId = 1;
  #hasEnded = false;

  /** @param send may throw what is wrong with the arguments */
  constructor(name: string, send: (order: CallOrder) => void) {
    this.#name = name;
    this.#send = send;
  }

  /**
   * Makes a call. The signal tells the unit that nobody waits; the answer is waited for all the same.
   * @throws ResproutError REMOTE_VALUE_UNSENDABLE; UNIT_LOST when the life ends before it has answered
   */
  async call(call: UnitCall, signal: AbortSignal): Promise<Answer> {
    if (this.#hasEnded) throw this.#lost();
    const id = this.#nextId++;
    const waiting = Promise.withResolvers<Answer>();
    const onAbort = (): void => this.#send({ kind: 'abort', id });
    this.#send({ kind: 'call', id, ...call });
    this.#waiting.set(id, waiting);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      return await waiting.promise;
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  /** An answer has come. One that nobody waits for is that of another program: it is left out. */
  onAnswer({ id, ...answer }: Extract<Report, { readonly kind: 'answer' }>): void {
    this.#waiting.get(id)?.resolve(answer);
    this.#waiting.delete(id);
  }

  /** The life has ended. Twice is fine. */
  end(): void {
    this.#hasEnded = true;
    for (const { reject } of this.#waiting.values()) reject(this.#lost());
    this.#waiting.clear();
  }

  #lost(): ResproutError {
    return new ResproutError('UNIT_LOST', `${this.#name} ended before it had answered`, { tried: `call ${this.#name}`, saw: 'its end' });
  }
}
