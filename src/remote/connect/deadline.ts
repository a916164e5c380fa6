import type { Clock, TimerHandle } from '../../base/seams/clock.ts';
import type { DialRequest } from './method.ts';

const DEFAULT_LIMIT_MS = 30_000;

/** The limit of a connect: the request's, else the recipe's, else 30 s. */
export function connectLimitMs({ timeoutMs, recipe }: Pick<DialRequest, 'timeoutMs' | 'recipe'>): number {
  return timeoutMs ?? recipe.connectTimeoutMs ?? DEFAULT_LIMIT_MS;
}

/** A limit that stands still while a person is asked. `onExpired` is called at most once, and never after `clear`. */
export class Deadline {
  readonly #clock: Clock;
  readonly #onExpired: () => void;
  #leftMs: number;
  #startedMs = 0;
  #pauses = 0;
  #isOver = false;
  #timer: TimerHandle | undefined;

  constructor(clock: Clock, limitMs: number, onExpired: () => void) {
    this.#clock = clock;
    this.#leftMs = limitMs;
    this.#onExpired = onExpired;
    this.#start();
  }

  #start(): void {
    this.#startedMs = this.#clock.monotonicMs();
    this.#timer = this.#clock.after(this.#leftMs, this.#onExpired);
  }

  /** What is left of the limit, at least 0. */
  get remainingMs(): number {
    const passedMs = this.#timer === undefined ? 0 : this.#clock.monotonicMs() - this.#startedMs;
    return Math.max(0, this.#leftMs - passedMs);
  }

  /** Stops the clock until as many calls of `resume`. */
  pause(): void {
    this.#pauses += 1;
    this.#stop();
  }

  resume(): void {
    this.#pauses -= 1;
    if (this.#pauses === 0 && !this.#isOver) this.#start();
  }

  /** Takes the timer away for good; `remainingMs` stays what it is. */
  clear(): void {
    this.#isOver = true;
    this.#stop();
  }

  #stop(): void {
    this.#leftMs = this.remainingMs;
    this.#timer?.clear();
    this.#timer = undefined;
  }
}
