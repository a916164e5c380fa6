// One kill from beginning to end: run and strike, resume until it is done, compare with the uncrashed run, replay.
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { inspect, isDeepStrictEqual } from 'node:util';
import { realClock } from '../../src/platform/time/clock.ts';
import { realRandom } from '../../src/platform/random.ts';
import { newSessionId } from '../../src/worker/index.ts';
import { shimEnvironment } from '../power-cut/shim.ts';
import { DiskImage, readWriteLog } from '../power-cut/write-log.ts';
import { attempt, type Attempt } from './attempt.ts';
import { journalFacts, type JournalFacts } from './journal-facts.ts';
import { describeKill, type Kill } from './plan.ts';
import type { Subject } from './subject.ts';
import { repeatFaults, runsOfCalls, unknownEffects } from './trace-faults.ts';

export interface TrialOptions {
  readonly subject: Subject;
  readonly packageFolder: string;
  readonly kill: Kill | undefined;
  /** What the uncrashed run gave; absent for that run itself. */
  readonly expected?: unknown;
  /** Path of the write-logging shim: with the kill the power goes too, and every write that no sync has covered is lost. */
  readonly powerCutShim?: string | undefined;
  /** Each commit of the run that is struck takes this long more. */
  readonly commitDelayMs?: number | undefined;
}

export interface Trial {
  readonly kill: Kill | undefined;
  /** Phases of the moment at which the kill struck. */
  readonly phases: readonly string[];
  /** False when the run was over before. */
  readonly struck: boolean;
  readonly faults: readonly string[];
  readonly outcome: unknown;
  readonly events: number;
  readonly calls: number;
  /** Calls that ran more than once. */
  readonly repeated: number;
  /** Of the run that was struck, and of all. */
  readonly runMs: number;
  readonly tookMs: number;
}

/** The folders of one trial and what is run in them. */
interface Stage {
  readonly work: string;
  readonly order: Omit<Parameters<typeof attempt>[1], 'mode' | 'kill'>;
}

const RESUMES = 3;

function setUp(subject: Subject, packageFolder: string): Stage {
  const work = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'kill-sweep-')));
  const folder = path.join(work, 'folder');
  mkdirSync(folder);
  const sessionId = newSessionId(realClock, realRandom);
  return {
    work,
    order: {
      packageFolder,
      file: subject.file(packageFolder),
      folder,
      storeFolder: path.join(work, 'store'),
      sessionId,
      data: subject.data(folder),
    },
  };
}

/** The run that is struck; with a shim, the medium is what a power cut leaves of it. */
async function struckRun({ work, order }: Stage, { kill, commitDelayMs, powerCutShim: library }: TrialOptions): Promise<Attempt> {
  const run: Parameters<typeof attempt>[1] = { ...order, mode: 'run', kill, commitDelayMs };
  if (library === undefined) return attempt(work, run);
  const folder = path.join(order.storeFolder, 'runs', order.sessionId);
  const log = path.join(work, 'writes');
  const struck = await attempt(work, run, shimEnvironment({ library, folder, log }));
  const ops = readWriteLog(log);
  new DiskImage(ops, ops.length, () => 'drop').writeTo(folder);
  return struck;
}

/** Resumes until the session is done. A session that was hit before its first commit does not exist: it is run again, as a person would. */
async function goOn({ work, order }: Stage, exists: boolean): Promise<Attempt> {
  let last = await attempt(work, { ...order, mode: exists ? 'resume' : 'run' });
  for (let i = 1; i < RESUMES && last.ending?.state === 'lost'; i++) last = await attempt(work, { ...order, mode: 'resume' });
  return last;
}

/** The value that the session returned in the end. A kill after its end event leaves nothing to resume: the journal has the value. */
async function finish(stage: Stage, first: Attempt, known: JournalFacts | undefined): Promise<{ value: unknown } | { fault: string }> {
  if (first.ending?.state === 'done') return { value: first.ending.value };
  if (known?.done !== undefined) return known.done;
  const last = await goOn(stage, known !== undefined);
  if (last.ending?.state === 'done') return { value: last.ending.value };
  return { fault: `ended ${last.ending?.state ?? last.ending?.thrown ?? String(last.signal)}: ${detail(last)}` };
}

async function replayFaults({ work, order }: Stage, subject: Subject): Promise<string[]> {
  const before = subject.effects(order.folder);
  const replay = await attempt(work, { ...order, mode: 'replay' });
  const faults: string[] = [];
  if (replay.ending?.state !== 'done') faults.push(`the replay ended ${replay.ending?.state ?? replay.ending?.thrown}: ${detail(replay)}`);
  if (subject.effects(order.folder) !== before) faults.push('the replay had effects');
  return faults;
}

function detail({ ending, output }: Attempt): string {
  const said = ending?.failure === undefined ? (ending?.problem ?? '') : `${ending.failure.name}: ${ending.failure.message}`;
  return `${said}\n${output.slice(-1500)}`.trim();
}

export async function trial(options: TrialOptions): Promise<Trial> {
  const { subject, packageFolder, kill, expected } = options;
  const startedMs = performance.now();
  const stage = setUp(subject, packageFolder);
  const { folder, storeFolder, sessionId } = stage.order;
  const faults: string[] = [];
  let outcome: unknown;
  try {
    const first = await struckRun(stage, options);
    const strike = first.strikes[0];
    let known: JournalFacts | undefined;
    try {
      known = await journalFacts(storeFolder, sessionId);
    } catch (error) {
      faults.push(`the journal cannot be read after the kill: ${String(error)}`);
    }
    faults.push(...unknownEffects(subject.trace(folder), known?.intents ?? new Set()));
    const end = await finish(stage, first, known);
    if ('fault' in end) faults.push(end.fault);
    else {
      outcome = subject.outcome(folder, end.value);
      if (expected !== undefined && !isDeepStrictEqual(outcome, expected))
        faults.push(`another result: ${inspect(outcome, { depth: 6, breakLength: 200 })}`);
    }
    // A run whose context was struck goes on by itself: what the journal had at the moment of the strike counts.
    const results = kill?.way === 'context' ? new Set(strike?.results) : (known?.results ?? new Set<number>());
    faults.push(...repeatFaults(subject.trace(folder), results));
    if (faults.length === 0) faults.push(...(await replayFaults(stage, subject)));
    const runs = [...runsOfCalls(subject.trace(folder)).values()];
    return {
      kill,
      phases: strike?.phases ?? [],
      struck: strike !== undefined,
      faults,
      outcome,
      events: (await journalFacts(storeFolder, sessionId).catch(() => undefined))?.events ?? 0,
      calls: runs.length,
      repeated: runs.filter((times) => times > 1).length,
      runMs: first.tookMs,
      tookMs: performance.now() - startedMs,
    };
  } finally {
    rmSync(stage.work, { recursive: true, force: true });
  }
}

/** One line for a person. */
export function trialLine(result: Trial): string {
  const what = result.kill === undefined ? 'no kill' : describeKill(result.kill);
  const hit = result.struck ? result.phases.join(' + ') || 'between phases' : 'the run was over';
  const verdict = result.faults.length === 0 ? 'ok' : `FAULT ${result.faults.join('; ')}`;
  return `${what.padEnd(44)} ${hit.padEnd(44)} ${result.repeated} of ${result.calls} calls twice  ${(result.tookMs / 1000).toFixed(1)}s  ${verdict}`;
}
