// A full disk is waited for, so that a session outlives it: looked at again and again, told at once, and not for ever.
import type { Clock } from '../../base/seams/clock.ts';
import type { SpaceLack } from '../../durable/journal/journal-store.ts';
import type { RunObserver } from '../run-observer.ts';

/** How long a disk may stay full. */
const LIMIT_MS = 60_000;
const LOOK_EVERY_MS = 200;

/** One wait after the other; told when it begins and when it is over. */
export class SpaceWait {
  readonly #clock: Clock;
  readonly #observer: RunObserver | undefined;
  #sinceMs: number | undefined;

  constructor(clock: Clock, observer: RunObserver | undefined) {
    this.#clock = clock;
    this.#observer = observer;
  }

  /** What was seen. `wait`: look again in a moment; `give-up`: it took too long. */
  saw(lack: SpaceLack | undefined): 'go-on' | 'wait' | 'give-up' {
    const nowMs = this.#clock.monotonicMs();
    if (lack === undefined) {
      if (this.#sinceMs !== undefined) this.#observer?.on({ type: 'space-found', waitedMs: nowMs - this.#sinceMs });
      this.#sinceMs = undefined;
      return 'go-on';
    }
    if (this.#sinceMs === undefined) {
      this.#sinceMs = nowMs;
      this.#observer?.on({ type: 'space-awaited', ...lack });
    }
    return nowMs - this.#sinceMs < LIMIT_MS ? 'wait' : 'give-up';
  }

  /** Calls `look` once, a moment later. */
  again(look: () => void): void {
    this.#clock.after(LOOK_EVERY_MS, look);
  }
}

/**
 * Waits until a look finds nothing missing.
 * @param isWanted false when somebody asks for the end: then it is over
 * @returns what is missing still, when it gave up
 */
export async function waitForSpace(
  look: () => SpaceLack | undefined,
  wait: SpaceWait,
  isWanted: () => boolean,
): Promise<SpaceLack | undefined> {
  for (;;) {
    const lack = look();
    const next = wait.saw(lack);
    if (next === 'go-on') return undefined;
    if (next === 'give-up' || !isWanted()) return lack;
    await new Promise<void>((resolve) => wait.again(resolve));
  }
}
