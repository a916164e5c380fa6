// What is decided about restarts, each as arithmetic of its own. The core applies them; tests put wrong ones in their place.

/**
 * `permanent`: whenever it has ended. `transient`: when it has failed, by an error, a signal or an exit code other than 0. `temporary`:
 * never.
 */
export type Restart = 'permanent' | 'transient' | 'temporary';

/** Who else is made new when a unit is: nobody, everybody, or those that may depend on it, since they start after it. */
export type Strategy = 'one-for-one' | 'one-for-all' | 'rest-for-one';

/** How many restarts there may be within any span of this length. */
export interface Budget {
  readonly restarts: number;
  readonly withinMs: number;
}

/** The pause before a restart. It grows with every one, until a life has been ready for `resetMs`. */
export interface BackOff {
  /** Before the first one. @default 100 */
  readonly firstMs: number;
  /** How many times longer the next one is. @default 2 */
  readonly factor: number;
  /** The longest. @default 30000 */
  readonly mostMs: number;
  /** Which part of it is left to chance, 0 to 1: units that fell together do not come back together. @default 0.2 */
  readonly jitter: number;
  /** @default 60000 */
  readonly resetMs: number;
}

/** The end of a life, as far as restarts depend on it. */
export interface Ending {
  readonly hasFailed: boolean;
  readonly isRecycled: boolean;
  /** It may still run. */
  readonly isLeaked: boolean;
  readonly exitCode: number | null;
}

/** How a unit is kept. */
export interface Kept {
  readonly restart: Restart;
  readonly backOff: BackOff;
  /** Exit codes after which it is not started again, whatever `restart` says. */
  readonly stopExitCodes: readonly number[];
}

/** What the core asks. */
export interface Rules {
  isRestarted(kept: Kept, ending: Ending): boolean;
  /** Takes one restart from the budget. @param spentMs times of those before; the new one is added. @returns false when there is none left */
  spend(budget: Budget, spentMs: number[], nowMs: number): boolean;
  /** @param attempt from 1 @param fraction of chance, from 0 to 1 */
  delayMs(backOff: BackOff, attempt: number, fraction: number): number;
  /** Numbers of the units that are made new with unit `fallen`, itself included. @param ranks of all units */
  affected(strategy: Strategy, fallen: number, ranks: readonly number[]): readonly number[];
}

/** The rules. */
export const RULES: Rules = {
  isRestarted({ restart, stopExitCodes }, { exitCode, hasFailed, isRecycled }) {
    if (isRecycled) return true;
    if (exitCode !== null && stopExitCodes.includes(exitCode)) return false;
    return restart === 'permanent' || (restart === 'transient' && hasFailed);
  },

  // A sliding window: a crash every twenty seconds is seen as well as twenty in one second.
  spend({ restarts, withinMs }, spentMs, nowMs) {
    while (spentMs[0] !== undefined && nowMs - spentMs[0] >= withinMs) spentMs.shift();
    if (spentMs.length >= restarts) return false;
    spentMs.push(nowMs);
    return true;
  },

  delayMs({ factor, firstMs, jitter, mostMs }, attempt, fraction) {
    const wholeMs = Math.min(firstMs * factor ** (attempt - 1), mostMs);
    return Math.round(wholeMs * (1 - jitter * fraction));
  },

  affected(strategy, fallen, ranks) {
    if (strategy === 'one-for-one') return [fallen];
    const own = ranks[fallen] ?? 0;
    return [...ranks.keys()].filter((n) => strategy === 'one-for-all' || n === fallen || (ranks[n] ?? 0) > own);
  },
};
