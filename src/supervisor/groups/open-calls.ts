// The calls of a group that are not settled, with their deadlines and signals.
import { ResproutError } from '../../base/errors/errors.ts';
import type { Clock } from '../../base/seams/clock.ts';
import { declaredAt } from '../contract/declared-at.ts';
import type { Answer, UnitCall } from '../unit/messages.ts';
import type { GroupCallOptions } from './caller.ts';

interface OpenCall {
  readonly call: UnitCall;
  /** Fires in the replica. Absent where the caller cannot give it up. */
  readonly stop: AbortController | undefined;
  readonly place: Error;
  readonly settled: PromiseWithResolvers<unknown>;
  close(): void;
}

/** Calls by their numbers. */
export class OpenCalls {
  readonly #name: string;
  readonly #clock: Clock;
  readonly #open = new Map<number, OpenCall>();
  #next = 0;

  constructor(name: string, clock: Clock) {
    this.#name = name;
    this.#clock = clock;
  }

  /** A new one. @param giveUp called when its caller does not wait any longer, after it was rejected */
  open(
    call: UnitCall,
    { signal, timeoutMs }: GroupCallOptions,
    place: Error,
    giveUp: (id: number) => void,
  ): { id: number; result: Promise<unknown> } {
    const id = this.#next++;
    const what = `${this.#name}.${call.method}`;
    const settled = Promise.withResolvers<unknown>();
    const leave = (code: 'GROUP_CALL_ABORTED' | 'GROUP_CALL_LATE', saw: string, cause?: unknown): void => {
      this.reject(
        id,
        new ResproutError(code, `${what} ${saw}`, { tried: `call ${what}`, saw }, cause === undefined ? undefined : { cause }),
      );
      giveUp(id);
    };
    const onAbort = (): void => leave('GROUP_CALL_ABORTED', 'was aborted by its signal', signal?.reason);
    const timer =
      timeoutMs === undefined
        ? undefined
        : this.#clock.after(timeoutMs, () => leave('GROUP_CALL_LATE', `did not answer within ${timeoutMs} ms`));
    signal?.addEventListener('abort', onAbort, { once: true });
    const close = (): void => {
      timer?.clear();
      signal?.removeEventListener('abort', onAbort);
    };
    const stop = signal === undefined && timeoutMs === undefined ? undefined : new AbortController();
    this.#open.set(id, { call, stop, place, settled, close });
    return { id, result: settled.promise };
  }

  /** What is to be sent; undefined when nobody waits for it any more. */
  sent(id: number): { readonly call: UnitCall; readonly signal: AbortSignal | undefined } | undefined {
    const open = this.#open.get(id);
    return open === undefined ? undefined : { call: open.call, signal: open.stop?.signal };
  }

  /** The replica is told that nobody waits. The signal is kept by whoever sent it. */
  settle(id: number, answer: Answer): void {
    const open = this.#take(id);
    if (answer.how === 'returned') open?.settled.resolve(answer.value);
    else open?.settled.reject(withCaller(answer.error, open.place));
  }

  reject(id: number, error: unknown): void {
    const open = this.#take(id);
    open?.settled.reject(error);
    open?.stop?.abort();
  }

  #take(id: number): OpenCall | undefined {
    const open = this.#open.get(id);
    this.#open.delete(id);
    open?.close();
    return open;
  }
}

/** The error of a method with the frames of its caller below its own. */
function withCaller(error: Error, place: Error): Error {
  const frames = declaredAt(place);
  if (frames !== '')
    Object.defineProperty(error, 'stack', { value: `${error.stack ?? error.message}\n${frames}`, writable: true, configurable: true });
  return error;
}
