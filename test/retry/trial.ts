// A session that failed at its twelfth step, retried: whole, and killed after an event of the retried run and resumed.
import { isDeepStrictEqual } from 'node:util';
import type { Owner } from '../worker/support/harness.ts';
import { FAILING } from './programs/host.ts';
import { type Stage, STEPS } from './stage.ts';

/** What is not as it should be. Empty: all is well. */
export type Faults = readonly string[];

export interface Retried {
  readonly faults: Faults;
  /** Numbers of the events that the retried run appended, without those that were not the last of their commit for sure. */
  readonly seqs: readonly number[];
}

const numbers = (from: number, below: number): number[] => Array.from({ length: below - from }, (_, i) => from + i);
const ALL = numbers(1, STEPS + 1);
const VALUE = ALL.map((number) => `PART ${String(number)}: step ${String(number)}`);

/** What must hold at the end. @param mayRepeat whether a kill may have made one step run a second time */
function faultsOf(stage: Stage, { result, thrown, output }: Owner, mayRepeat: boolean): string[] {
  const faults: string[] = [];
  if (result?.state !== 'done') faults.push(`it ended ${JSON.stringify(result ?? thrown)} ${output}`);
  else if (!isDeepStrictEqual(result.value, VALUE)) faults.push(`another value: ${JSON.stringify(result.value)}`);
  const done = stage.done();
  const twice = done.filter((number, i) => done.indexOf(number) !== i);
  if (!isDeepStrictEqual([...new Set(done)], ALL)) faults.push(`steps done: ${done.join(' ')}`);
  if (twice.length > (mayRepeat ? 1 : 0)) faults.push(`done twice: ${twice.join(' ')}`);
  if (twice.some((number) => number < FAILING)) faults.push(`what came before the failure was done again: ${twice.join(' ')}`);
  for (const [number, keys] of stage.keys()) if (keys.size !== 1) faults.push(`step ${number} had the keys ${[...keys].join(', ')}`);
  return faults;
}

async function replayFaults(stage: Stage): Promise<string[]> {
  const before = stage.done().length;
  const { result, thrown, output } = await stage.own('replay');
  if (result?.state !== 'done') return [`the replay ended ${JSON.stringify(result ?? thrown)} ${output}`];
  return stage.done().length === before ? [] : ['the replay had effects'];
}

/** Runs until the step fails, mends the cause, and leaves the failed session saved. */
export async function fail(stage: Stage): Promise<Faults> {
  const failed = await stage.own('run');
  const faults: string[] = [];
  if (failed.result?.state !== 'failed')
    faults.push(`the first run ended ${JSON.stringify(failed.result ?? failed.thrown)} ${failed.output}`);
  if (!isDeepStrictEqual(stage.done(), numbers(1, FAILING))) faults.push(`done before the failure: ${stage.done().join(' ')}`);
  await stage.mend();
  stage.save();
  return faults;
}

/** The retry, undisturbed. */
export async function retryWhole(stage: Stage): Promise<Retried> {
  const first = (await stage.events()).length;
  const owner = await stage.retry();
  const faults = [...faultsOf(stage, owner, false), ...(await replayFaults(stage))];
  const events = await stage.events();
  // The rewind and the build that the session goes on with are one commit: nothing can end a process between them.
  const isAlone = (seq: number): boolean => events[seq]?.t !== 'rewind' || events[seq + 1]?.t !== 'build';
  return { faults, seqs: numbers(first, events.length).filter(isAlone) };
}

/** The retry, killed once this event is on disk, and resumed. */
export async function retryKilled(stage: Stage, seq: number): Promise<Faults> {
  stage.restore();
  const killed = await stage.retry(seq);
  const { signal } = await killed.closed;
  if (signal !== 'SIGKILL') return [`event ${seq}: nothing was killed: ${JSON.stringify(killed.result ?? killed.thrown)} ${killed.output}`];
  const events = await stage.events();
  const end = events.at(-1);
  // A kill behind the end leaves nothing to go on with.
  const last = end?.t === 'end' ? await stage.own('replay') : await stage.own('resume');
  const faults = [...faultsOf(stage, last, true), ...(await replayFaults(stage))];
  return faults.map((fault) => `killed after event ${seq}: ${fault}`);
}
