// A whole sweep: every event, random times, directed kills; side by side on a few cores.
import { PHASES, WAYS, type Kill, type Phase, type Way } from './plan.ts';
import type { Subject } from './subject.ts';
import { trial, trialLine, type Trial } from './trial.ts';

/** From one event that is struck to the next. */
const STEPS = { few: 4, some: 2, grid: 1 } as const;

export interface SweepOptions {
  readonly subject: Subject;
  readonly packageFolder: string;
  /** `few` and `some`: every fourth or second event once, the ways in turn. `grid`: each event in every way. */
  readonly events: keyof typeof STEPS;
  /** Kills at random times; in a grid for each way. */
  readonly randomCount: number;
  readonly parallel: number;
  readonly say: (line: string) => void;
}

export interface SweepReport {
  readonly trials: readonly Trial[];
  readonly hits: ReadonlyMap<string, number>;
  readonly faults: readonly string[];
  readonly eventCount: number;
}

function kills(eventCount: number, runMs: number, { events, randomCount }: SweepOptions): Kill[] {
  const all: Kill[] = [];
  const wayOf = (i: number): readonly Way[] => (events === 'grid' ? WAYS : [WAYS[i % WAYS.length] ?? 'both']);
  const step = STEPS[events];
  for (let seq = 0; seq < eventCount; seq += step) for (const way of wayOf(seq / step)) all.push({ way, moment: { kind: 'event', seq } });
  for (let i = 0; i < randomCount; i++)
    for (const way of wayOf(i)) all.push({ way, moment: { kind: 'time', afterMs: Math.random() * runMs } });
  PHASES.forEach((phase: Phase, p) => {
    [0, 8].forEach((afterMs, i) => {
      // Before the first commit there is no context to strike.
      const ways = wayOf(p + i).map((way) => (phase === 'before the first commit' && way === 'context' ? 'both' : way));
      for (const way of ways) all.push({ way, moment: { kind: 'phase', phase, afterMs } });
    });
  });
  return all;
}

/** Of each phase, at least. */
const MIN_HITS = 2;

export async function sweep(options: SweepOptions): Promise<SweepReport> {
  const { subject, packageFolder, say } = options;
  const reference = await trial({ subject, packageFolder, kill: undefined });
  say(trialLine(reference));
  const faults = [...reference.faults];
  const trials: Trial[] = [];
  const hits = new Map<string, number>(PHASES.map((phase) => [phase, 0]));
  if (faults.length > 0) return { trials, hits, faults, eventCount: reference.events };
  const queue = kills(reference.events, reference.runMs, options);
  const one = async (kill: Kill): Promise<void> => {
    const result = await trial({ subject, packageFolder, kill, expected: reference.outcome });
    trials.push(result);
    say(trialLine(result));
    for (const phase of result.phases) hits.set(phase, (hits.get(phase) ?? 0) + 1);
    for (const fault of result.faults) faults.push(`${trialLine(result).split('  ')[0]}: ${fault}`);
  };
  const work = async (): Promise<void> => {
    for (let kill = queue.shift(); kill !== undefined; kill = queue.shift()) await one(kill);
  };
  await Promise.all(Array.from({ length: options.parallel }, work));
  // A phase can be over before its second kill comes: on a fast disk the one write is. It is struck at its very beginning then.
  for (const phase of PHASES)
    for (let more = 0; more < 3 && (hits.get(phase) ?? 0) < MIN_HITS; more++)
      await one({ way: 'cli', moment: { kind: 'phase', phase, afterMs: 0 } });
  for (const [phase, times] of hits)
    if (times < MIN_HITS) faults.push(`the phase «${phase}» was hit ${times} times, at least ${MIN_HITS} are wanted`);
  return { trials, hits, faults, eventCount: reference.events };
}
