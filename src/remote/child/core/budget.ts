/** A token bucket: `burst` at once, then `perSecond`. */
export class Budget {
  readonly #perSecond: number;
  readonly #burst: number;
  readonly #nowMs: () => number;
  #left: number;
  #lastMs: number;

  constructor(perSecond: number, burst: number, nowMs: () => number) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#nowMs = nowMs;
    this.#left = burst;
    this.#lastMs = nowMs();
  }

  /** Takes `count` tokens; false and nothing taken when they are not there. */
  take(count: number): boolean {
    const nowMs = this.#nowMs();
    this.#left = Math.min(this.#burst, this.#left + ((nowMs - this.#lastMs) * this.#perSecond) / 1000);
    this.#lastMs = nowMs;
    if (this.#left < count) return false;
    this.#left -= count;
    return true;
  }
}
