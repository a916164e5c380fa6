// Time during which a process looked at what came to it. One that stood still (stopped, swapped out, on a machine that slept) finds its timers
// due before it has read anything: by the clock alone it would give up on an answer that lies there already.
import type { Clock, TimerHandle } from '../seams/clock.ts';

/** The most that passes between two looks, milliseconds. */
const STEP_MS = 50;

/** Counts such time from the first look on. */
export class AwakeTime {
  readonly #clock: Clock;
  #lastMs: number | undefined;
  #passedMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** To be called each 50 ms at least. @returns the milliseconds that have passed, of which each look adds 50 at most */
  look(): number {
    const nowMs = this.#clock.monotonicMs();
    this.#passedMs += Math.min(nowMs - (this.#lastMs ?? nowMs), STEP_MS);
    this.#lastMs = nowMs;
    return this.#passedMs;
  }

  /** Begins anew with the next look. */
  reset(): void {
    this.#lastMs = undefined;
    this.#passedMs = 0;
  }
}

/** As `clock.after`, by such time; what has come until then is read before `fire` is called. */
export function afterAwake(clock: Clock, ms: number, fire: () => void): TimerHandle {
  let leftMs = ms;
  let timer: TimerHandle | undefined;
  const step = (): void => {
    const stepMs = Math.min(leftMs, STEP_MS);
    timer = clock.after(stepMs, () => {
      leftMs -= stepMs;
      if (leftMs > 0) step();
      // Between two timers the event loop reads.
      else timer = clock.after(0, fire);
    });
  };
  step();
  return { clear: () => timer?.clear() };
}
