import type { Clock } from '../../../../base/seams/clock.ts';
import { FIRST_DYNAMIC_HANDLE, HANDLE } from '../../../../wire/frames/handles.ts';
import { LIMITS } from '../../../../wire/limits.ts';
import { Budget } from '../budget.ts';
import type { Edge } from './edge.ts';

const PAUSE_MS = 1000;
/** Pauses in a row after which the link ends. */
const MOST_PAUSES = 30;
/** A link that kept to the rate for this long starts anew. */
const QUIET_MS = 5000;

const isControl = (handle: number): boolean =>
  handle < FIRST_DYNAMIC_HANDLE && handle !== HANDLE.TRANSFER_DATA && handle !== HANDLE.TRANSFER_CREDIT;

/** Holds a child to the rate of control frames: above it the link is not read for a while, and ends when that goes on for 30 s. */
export class FrameRate {
  readonly #edge: Edge;
  readonly #clock: Clock;
  readonly #budget: Budget;
  #pauses = 0;
  #isPaused = false;
  #lastPauseMs = 0;

  constructor(edge: Edge, clock: Clock) {
    this.#edge = edge;
    this.#clock = clock;
    this.#budget = new Budget(LIMITS.controlFramesPerSecond, LIMITS.controlFramesBurst, () => clock.monotonicMs());
  }

  /** A frame has arrived. Answers and pieces of transfers have limits of their own. */
  count(handle: number): void {
    if (isControl(handle)) this.#spend();
  }

  /** Nobody here wants a frame that has arrived. */
  refused(handle: number): void {
    if (!isControl(handle)) this.#spend();
  }

  #spend(): void {
    if (this.#budget.take(1) || this.#isPaused) return;
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - this.#lastPauseMs > QUIET_MS) this.#pauses = 0;
    this.#lastPauseMs = nowMs;
    if (++this.#pauses > MOST_PAUSES) {
      this.#edge.end('it sent too many control frames for 30 s');
      return;
    }
    this.#isPaused = true;
    this.#edge.link.pause();
    this.#clock.after(
      PAUSE_MS,
      () => {
        this.#isPaused = false;
        this.#edge.link.resume();
      },
      { background: true },
    );
  }
}
