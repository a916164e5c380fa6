// What a bench is: one question, answered by rows. Each row has a figure of ours and a floor or a peer, measured in turn in the same run.

/** One figure beside what it is compared with. All samples are times or bytes, one a slice; sample `i` of both was taken right after each other. */
export interface Measured {
  readonly figure: string;
  readonly unit: Unit;
  readonly ours: readonly number[];
  /** The floor (what no implementation can beat) or the peer (what people would use instead). */
  readonly peer: string;
  readonly theirs: readonly number[];
  /** The ratio of ours to theirs that we hold ourselves to, at most. */
  readonly goal?: number;
}

/** A figure that cannot be measured on this machine. */
interface Skipped {
  readonly figure: string;
  readonly skipped: string;
}

export type Row = Measured | Skipped;
export type Unit = 'ms' | 'us' | 'ns' | 'B';

export interface Bench {
  /** Name of its file without `.ts`. */
  readonly name: string;
  readonly question: string;
  run(): Promise<readonly Row[]>;
}

const PER_MS: Readonly<Record<Exclude<Unit, 'B'>, number>> = { ms: 1, us: 1e3, ns: 1e6 };

/** A time in ms over `count` operations, as the time of one in `unit`. */
export const each = (elapsedMs: number, count: number, unit: Exclude<Unit, 'B'>): number => (elapsedMs * PER_MS[unit]) / count;

/** Work that is timed as a whole. Resolves with its ms when it takes the time itself; otherwise the caller's watch counts. */
export type Timed = () => Promise<number | void> | number | void;

/** How long something takes, in ms. */
export async function timeMs(run: Timed): Promise<number> {
  const start = performance.now();
  const own = await run();
  return typeof own === 'number' ? own : performance.now() - start;
}

/**
 * Runs all sides in turn, so that what disturbs the machine disturbs all of them. Another one begins in each slice.
 * @returns ms of each slice, by side; the warm-up is left out
 */
export async function inTurn<Side extends string>(
  slices: number,
  sides: Readonly<Record<Side, Timed>>,
  warmUp: number = 1,
): Promise<Record<Side, number[]>> {
  const names = Object.keys(sides) as Side[];
  const taken = Object.fromEntries(names.map((name): [Side, number[]] => [name, []])) as Record<Side, number[]>;
  for (let slice = 0; slice < warmUp + slices; slice++) {
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(slice + turn) % names.length] as Side;
      const tookMs = await timeMs(sides[name]);
      if (slice >= warmUp) taken[name].push(tookMs);
    }
  }
  return taken;
}
