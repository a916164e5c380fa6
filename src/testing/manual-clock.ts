import type { Clock, TimerHandle } from '../base/seams/clock.ts';

interface Waiting {
  readonly atMs: number;
  readonly order: number;
  readonly fire: () => void;
}

/** A clock that stands still until it is told to go on. Timers fire in the order of their time, then of their making. */
export class ManualClock implements Clock {
  #wallMs: number;
  #monotonicMs = 0;
  #order = 0;
  readonly #waiting = new Set<Waiting>();

  /** @param wallMs where the wall clock stands at first, milliseconds since the epoch */
  constructor(wallMs = 1_700_000_000_000) {
    this.#wallMs = wallMs;
  }

  wallMs(): number {
    return this.#wallMs;
  }

  monotonicMs(): number {
    return this.#monotonicMs;
  }

  /** Timers that have not fired. */
  get waitingCount(): number {
    return this.#waiting.size;
  }

  /** Milliseconds until the next timer is due; undefined when there is none. */
  get nextInMs(): number | undefined {
    const next = this.#next();
    return next === undefined ? undefined : Math.max(0, next.atMs - this.#monotonicMs);
  }

  after(ms: number, fire: () => void): TimerHandle {
    const waiting: Waiting = { atMs: this.#monotonicMs + Math.max(0, ms), order: this.#order++, fire };
    this.#waiting.add(waiting);
    return { clear: () => void this.#waiting.delete(waiting) };
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const fail = (): void => {
        timer.clear();
        reject(signal?.reason instanceof Error ? signal.reason : new Error('aborted', { cause: signal?.reason }));
      };
      const timer = this.after(ms, () => {
        signal?.removeEventListener('abort', fail);
        resolve();
      });
      if (signal?.aborted === true) fail();
      else signal?.addEventListener('abort', fail, { once: true });
    });
  }

  /** Lets `ms` milliseconds pass. Timers that come due fire, each at its own time, those that they set too. */
  advance(ms: number): void {
    const target = this.#monotonicMs + ms;
    for (let next = this.#next(); next !== undefined && next.atMs <= target; next = this.#next()) {
      this.#moveTo(Math.max(next.atMs, this.#monotonicMs));
      this.#waiting.delete(next);
      next.fire();
    }
    this.#moveTo(target);
  }

  /** Moves the wall clock alone, as a correction by the system does. No timer fires. */
  jumpWall(ms: number): void {
    this.#wallMs += ms;
  }

  #moveTo(monotonicMs: number): void {
    this.#wallMs += monotonicMs - this.#monotonicMs;
    this.#monotonicMs = monotonicMs;
  }

  #next(): Waiting | undefined {
    let first: Waiting | undefined;
    for (const waiting of this.#waiting)
      if (first === undefined || waiting.atMs < first.atMs || (waiting.atMs === first.atMs && waiting.order < first.order)) first = waiting;
    return first;
  }
}
