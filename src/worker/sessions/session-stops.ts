// How a session stops before its end: somebody parks or cancels it, or it parks by itself when it only waits for timers.
import { afterAwake } from '../../base/time/awake.ts';
import type { Clock, TimerHandle } from '../../base/seams/clock.ts';
import type { RunObserver } from '../run-observer.ts';

/** A session that only waits for timers is looked at again after this long: the program may be about to make another call. */
const SETTLE_MS = 50;

/** What can be stopped. */
interface Stoppable {
  park(isAsked?: boolean): void;
  cancel(): void;
  /** Gives a signal to the program; `answered` says whether it listens. */
  signal(name: string): void;
}

/** A second ^C within this time parks, whatever the program does with the first. */
const SECOND_MS = 3000;
/** A program that does not come back to its event loop cannot say whether it listens. */
const ANSWER_MS = 1000;

export interface SessionStopsOptions {
  readonly clock: Clock;
  readonly observer: RunObserver | undefined;
  /** How long calls and finally blocks get, ms. */
  readonly graceMs: number;
  /** Timers that are due later than this, ms from now, are worth parking for; undefined: none is. */
  readonly parkOnSleepMs: number | undefined;
}

export class SessionStops implements Stoppable {
  /** When the timer is due that it was parked for, ms since 1970; undefined when it was not parked for one. */
  parkedFor: number | undefined;
  readonly #options: SessionStopsOptions;
  #run: Stoppable | undefined;
  #settling: TimerHandle | undefined;
  #isParking = false;
  #interruptedMs: number | undefined;
  #unanswered: TimerHandle | undefined;

  constructor(options: SessionStopsOptions) {
    this.#options = options;
  }

  /** Once, before the first stop. */
  attach(run: Stoppable): void {
    this.#run = run;
  }

  /** @param isAsked false when nobody asks for it: what the program printed is waited for then, however slowly it is read */
  park(isAsked = true): void {
    const { observer, graceMs } = this.#options;
    if (!this.#isParking) observer?.on({ type: 'parking', graceMs });
    this.#isParking = true;
    this.#unanswered?.clear();
    this.#unanswered = undefined;
    this.#run?.park(isAsked);
  }

  signal(name: string): void {
    this.#run?.signal(name);
  }

  /** ^C. */
  interrupt(): void {
    const { clock } = this.#options;
    const nowMs = clock.monotonicMs();
    const isSecond = this.#interruptedMs !== undefined && nowMs - this.#interruptedMs < SECOND_MS;
    this.#interruptedMs = nowMs;
    if (this.#isParking || isSecond) return this.park();
    this.#unanswered = afterAwake(clock, ANSWER_MS, () => this.park());
    return this.signal('SIGINT');
  }

  /** The runner says whether the program listens for a signal. */
  answered(name: string, isHeard: boolean): void {
    if (name !== 'SIGINT' || this.#unanswered === undefined) return;
    this.#unanswered.clear();
    this.#unanswered = undefined;
    if (!isHeard) this.park();
  }

  cancel(): void {
    const { observer, graceMs } = this.#options;
    observer?.on({ type: 'cancelling', graceMs });
    this.#run?.cancel();
  }

  /** The program waits for timers alone, the first of which is due then. */
  onlyTimers(dueMs: number): void {
    const { clock, parkOnSleepMs } = this.#options;
    if (parkOnSleepMs === undefined || dueMs - clock.wallMs() < parkOnSleepMs) return;
    this.#settling = clock.after(SETTLE_MS, () => {
      this.parkedFor = dueMs;
      this.park(false);
    });
  }

  /** The run is over: nothing is waited for. */
  ended(): void {
    this.moved();
    this.#unanswered?.clear();
  }

  /** It goes on, or it has ended. */
  moved(): void {
    this.#settling?.clear();
  }
}
