// One kill from beginning to end: run and strike, resume until it is done, compare with the uncrashed run, replay.
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openStore, newSessionId, readSession } from '../../src/worker/index.ts';
import { realClock } from '../../src/platform/clock.ts';
import { realRandom } from '../../src/platform/random.ts';
import { shimEnvironment } from '../power-cut/shim.ts';
import { DiskImage, readWriteLog } from '../power-cut/write-log.ts';
import { attempt, type Attempt } from './attempt.ts';
import { describeKill, type Kill } from './plan.ts';
import type { Subject } from './subject.ts';
import { inspect, isDeepStrictEqual } from 'node:util';

export interface TrialOptions {
  readonly subject: Subject;
  readonly packageFolder: string;
  readonly kill: Kill | undefined;
  /** What the uncrashed run gave; absent for that run itself. */
  readonly expected?: unknown;
  /** Path of the write-logging shim: with the kill the power goes too, and every write that no sync has covered is lost. */
  readonly powerCutShim?: string | undefined;
}

export interface Trial {
  readonly kill: Kill | undefined;
  /** Phases of the moment at which the kill struck; empty when the run was over before. */
  readonly phases: readonly string[];
  readonly struck: boolean;
  readonly faults: readonly string[];
  readonly outcome: unknown;
  readonly events: number;
  readonly calls: number;
  /** Calls that ran more than once. */
  readonly repeated: number;
  readonly tookMs: number;
}

const RESUMES = 3;

/** What a journal knows of the calls: that they were to be made, and that they have a result. */
interface Known {
  readonly intents: ReadonlySet<number>;
  readonly results: ReadonlySet<number>;
}

/** What the journal knows after the kill; undefined when there is no such session. */
async function knownCalls(storeFolder: string, sessionId: string): Promise<Known | undefined> {
  try {
    const { events } = await readSession(openStore({ folder: storeFolder, create: false }), sessionId);
    return {
      intents: new Set(events.flatMap((event) => (event.t === 'call' ? [event.id] : []))),
      results: new Set(events.flatMap((event) => (event.t === 'done' ? [event.id] : []))),
    };
  } catch (error) {
    if ((error as { code?: string }).code === 'SESSION_MISSING') return undefined;
    throw error;
  }
}

/** The run folder as it is on the medium when everything that no sync has covered is gone. */
function cutPower(logFile: string, runFolder: string): void {
  const ops = readWriteLog(logFile);
  new DiskImage(ops, ops.length, () => 'drop').writeTo(runFolder);
}

const idOf = (key: string): number => Number(key.slice(key.lastIndexOf('/') + 1));

export async function trial({ subject, packageFolder, kill, expected, powerCutShim }: TrialOptions): Promise<Trial> {
  const startedMs = performance.now();
  const work = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'kill-sweep-')));
  const folder = path.join(work, 'folder');
  const storeFolder = path.join(work, 'store');
  mkdirSync(folder);
  const order = {
    packageFolder,
    file: subject.file(packageFolder),
    folder,
    storeFolder,
    sessionId: newSessionId(realClock, realRandom),
    data: subject.data(folder),
  };
  const faults: string[] = [];
  try {
    const runFolder = path.join(storeFolder, 'runs', order.sessionId);
    const writeLog = path.join(work, 'writes');
    const shim = powerCutShim === undefined ? {} : shimEnvironment({ library: powerCutShim, folder: runFolder, log: writeLog });
    const first = await attempt(work, { ...order, mode: 'run', kill }, shim);
    const strike = first.strikes[0];
    if (powerCutShim !== undefined) cutPower(writeLog, runFolder);
    let known: Known | undefined;
    try {
      known = await knownCalls(storeFolder, order.sessionId);
    } catch (error) {
      faults.push(`the journal cannot be read after the kill: ${String(error)}`);
    }
    for (const { key, what } of subject.trace(folder)) {
      if (known?.intents.has(idOf(key)) !== true) faults.push(`${what} ran as call ${idOf(key)} and the journal knows nothing of it`);
    }
    const last = first.ending?.state === 'done' ? first : await goOn(work, order, known !== undefined);
    let events = 0;
    let outcome: unknown;
    if (last.ending?.state !== 'done')
      faults.push(`ended ${last.ending?.state ?? last.ending?.thrown ?? String(last.signal)}: ${detail(last)}`);
    else {
      events = last.ending.events ?? 0;
      outcome = subject.outcome(folder, last.ending.value);
      if (expected !== undefined && !isDeepStrictEqual(outcome, expected))
        faults.push(`another result: ${inspect(outcome, { depth: 6, breakLength: 200 })}`);
    }
    const calls = new Map<string, number>();
    const names = new Map<string, string>();
    for (const { key, what, context } of subject.trace(folder)) {
      calls.set(key, (calls.get(key) ?? 0) + 1);
      const name = `${what} on ${context}`;
      if ((names.get(key) ?? name) !== name) faults.push(`call ${idOf(key)} was ${names.get(key)} and then ${name}`);
      names.set(key, name);
    }
    for (const [key, times] of calls) {
      if (times > 1 && known?.results.has(idOf(key))) faults.push(`call ${idOf(key)} has its result in the journal and ran ${times} times`);
      if (times > 2) faults.push(`call ${idOf(key)} ran ${times} times after one kill`);
    }
    if (faults.length === 0) faults.push(...(await replayFaults(work, order, subject, folder)));
    return {
      kill,
      phases: strike?.phases ?? [],
      struck: strike !== undefined,
      faults,
      outcome,
      events,
      calls: calls.size,
      repeated: [...calls.values()].filter((times) => times > 1).length,
      tookMs: performance.now() - startedMs,
    };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

type OrderOfTrial = Omit<Parameters<typeof attempt>[1], 'mode' | 'kill'>;

/** Resumes until the session is done. A session that was hit before its first commit does not exist: it is run again, as a person would. */
async function goOn(work: string, order: OrderOfTrial, exists: boolean): Promise<Attempt> {
  let last = await attempt(work, { ...order, mode: exists ? 'resume' : 'run' });
  for (let i = 1; i < RESUMES && last.ending?.state === 'lost'; i++) last = await attempt(work, { ...order, mode: 'resume' });
  return last;
}

async function replayFaults(work: string, order: OrderOfTrial, subject: Subject, folder: string): Promise<string[]> {
  const before = subject.effects(folder);
  const replay = await attempt(work, { ...order, mode: 'replay' });
  const faults: string[] = [];
  if (replay.ending?.state !== 'done') faults.push(`the replay ended ${replay.ending?.state ?? replay.ending?.thrown}: ${detail(replay)}`);
  if (subject.effects(folder) !== before) faults.push('the replay had effects');
  return faults;
}

function detail({ ending, output }: Attempt): string {
  const said = ending?.failure === undefined ? (ending?.problem ?? '') : `${ending.failure.name}: ${ending.failure.message}`;
  return `${said}\n${output.slice(-1500)}`.trim();
}

/** One line for a person. */
export function trialLine(result: Trial): string {
  const what = result.kill === undefined ? 'no kill' : describeKill(result.kill);
  const hit = result.struck ? result.phases.join(' + ') || 'between phases' : 'the run was over';
  const verdict = result.faults.length === 0 ? 'ok' : `FAULT ${result.faults.join('; ')}`;
  return `${what.padEnd(44)} ${hit.padEnd(44)} ${result.repeated} of ${result.calls} calls twice  ${(result.tookMs / 1000).toFixed(1)}s  ${verdict}`;
}
