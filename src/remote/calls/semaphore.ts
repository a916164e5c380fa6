import { deferred, type Deferred } from '../../base/deferred.ts';

/** Lets `most` in at once; the others wait in order. */
export class Semaphore {
  #free: number;
  readonly #waiting: Deferred<void>[] = [];

  constructor(most: number) {
    this.#free = most;
  }

  /** Resolves when there is room. Each `enter` that resolved needs one `leave`. */
  async enter(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (this.#free > 0) {
      this.#free--;
      return;
    }
    const turn = deferred<void>();
    this.#waiting.push(turn);
    const onAbort = (): void => {
      const at = this.#waiting.indexOf(turn);
      if (at < 0) return;
      this.#waiting.splice(at, 1);
      turn.reject(signal?.reason);
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      await turn.promise;
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free++;
    else next.resolve();
  }
}
