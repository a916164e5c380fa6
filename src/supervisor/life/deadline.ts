import type { Clock, TimerHandle } from '../../base/seams/clock.ts';

/** A deadline that can be moved. Owns one timer; `clear` when it is not needed any longer. */
export class Deadline {
  readonly #clock: Clock;
  readonly #expire: () => void;
  #atMs = 0;
  #timer: TimerHandle | undefined;

  constructor(clock: Clock, ms: number, expire: () => void) {
    this.#clock = clock;
    this.#expire = expire;
    this.#set(ms);
  }

  /** At least `ms` milliseconds from now on. */
  extend(ms: number): void {
    if (this.#timer !== undefined && this.#clock.monotonicMs() + ms > this.#atMs) this.#set(ms);
  }

  /** Twice is fine. */
  clear(): void {
    this.#timer?.clear();
    this.#timer = undefined;
  }

  #set(ms: number): void {
    this.#timer?.clear();
    this.#atMs = this.#clock.monotonicMs() + ms;
    this.#timer = this.#clock.after(ms, () => {
      this.#timer = undefined;
      this.#expire();
    });
  }
}
