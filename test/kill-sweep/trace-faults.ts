// What the lines that the far functions left must agree with. Pure.
import type { TraceLine } from './subject.ts';

/** Number of the call in its session: the idempotency key is `session/number`. */
const idOf = (key: string): number => Number(key.slice(key.lastIndexOf('/') + 1));

/** Functions that ran although the journal does not know that they were to be called. */
export function unknownEffects(trace: readonly TraceLine[], intents: ReadonlySet<number>): string[] {
  return trace
    .filter(({ key }) => !intents.has(idOf(key)))
    .map(({ key, what }) => `${what} ran as call ${idOf(key)} and the journal knows nothing of it`);
}

/** How often each call ran, by its key. */
export function runsOfCalls(trace: readonly TraceLine[]): Map<string, number> {
  const runs = new Map<string, number>();
  for (const { key } of trace) runs.set(key, (runs.get(key) ?? 0) + 1);
  return runs;
}

/** Calls that ran too often for one kill, or whose key stood for two different calls. */
export function repeatFaults(trace: readonly TraceLine[], results: ReadonlySet<number>): string[] {
  const faults: string[] = [];
  for (const [key, times] of runsOfCalls(trace)) {
    if (times > 1 && results.has(idOf(key))) faults.push(`call ${idOf(key)} has its result in the journal and ran ${times} times`);
    if (times > 2) faults.push(`call ${idOf(key)} ran ${times} times after one kill`);
    const names = new Set(trace.filter((line) => line.key === key).map((line) => `${line.what} on ${line.context}`));
    if (names.size > 1) faults.push(`call ${idOf(key)} was ${[...names].join(' and then ')}`);
  }
  return faults;
}
