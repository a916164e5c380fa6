// The process that stands in for the command line: it owns one session through the public worker API and is struck as the kill says.
// `node owner.ts ORDER.json`; what it saw goes to the files that the order names, written before the strike.
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { decodeRowBytes } from '../../src/durable/journal/events/row-codec.ts';
import type { JournalRow, JournalStore } from '../../src/durable/journal/journal-store.ts';
import type * as Testing from '../../src/testing.ts';
import type * as Worker from '../../src/worker.ts';
import { PhaseTracker } from './phases.ts';
import type { Kill } from './plan.ts';
import { strike } from './strike.ts';

export interface Order {
  /** Folder of the package that is put to the test: this one, or a copy that was broken on purpose. */
  readonly packageFolder: string;
  readonly mode: 'run' | 'resume' | 'replay';
  readonly file: string;
  readonly folder: string;
  readonly storeFolder: string;
  readonly sessionId: string;
  readonly data: unknown;
  readonly kill?: Kill | undefined;
  /** Each commit takes this long more, as on a slow disk. Default: none. */
  readonly commitDelayMs?: number | undefined;
  /** JSON lines: what was struck, with phases. */
  readonly strikeFile: string;
  /** JSON: how the run ended. */
  readonly resultFile: string;
}

/** One line of the strike file. */
export interface StrikeRecord {
  readonly phases: readonly string[];
  /** Events committed so far. */
  readonly events: number;
  /** Ids of the calls that had their result by then. */
  readonly results: readonly number[];
}

const order = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Order;
const load = async <T>(name: string): Promise<T> => (await import(pathToFileURL(`${order.packageFolder}/src/${name}.ts`).href)) as T;
const worker = await load<typeof Worker>('worker');
const { stopAfterEvent } = await load<typeof Testing>('testing');

const tracker = new PhaseTracker();
let events = 0;
const results = new Set<number>();
let runnerPid: number | undefined;
let isStruck = false;

function hit(kill: Kill): void {
  if (isStruck) return;
  isStruck = true;
  const record: StrikeRecord = { phases: tracker.phases, events, results: [...results] };
  appendFileSync(order.strikeFile, `${JSON.stringify(record)}\n`);
  // A context that is not there yet is waited for a little: the kill is meant for it.
  const again = (triesLeft: number): void => {
    if (!strike(kill.way, runnerPid) && triesLeft > 0) setTimeout(() => again(triesLeft - 1), 5);
  };
  again(kill.way === 'context' ? 200 : 0);
}

/** Tells `look` of each committed event; strikes at phases. */
function watched(store: JournalStore, kill: Kill | undefined): JournalStore {
  const isPhase = kill?.moment.kind === 'phase' ? kill.moment : undefined;
  let isSeen = false;
  return {
    get epoch() {
      return store.epoch;
    },
    async append(rows: readonly JournalRow[]): Promise<void> {
      if (kill !== undefined && isPhase?.phase === 'before the first commit' && events === 0 && isPhase.afterMs === 0) hit(kill);
      await store.append(rows);
      for (const row of rows) {
        for (const event of decodeRowBytes(row.bytes, row.count)) {
          tracker.take(event);
          events++;
          if (event.t === 'done') results.add(event.id);
          const isContextEvent = kill?.way === 'context' && kill.moment.kind === 'event' && events - 1 === kill.moment.seq;
          if (kill !== undefined && isContextEvent) hit(kill);
        }
      }
      if (kill !== undefined && isPhase !== undefined && !isSeen && tracker.phases.includes(isPhase.phase)) {
        isSeen = true;
        if (isPhase.afterMs === 0) hit(kill);
        else setTimeout(() => hit(kill), isPhase.afterMs);
      }
    },
    rows: (session) => store.rows(session),
    sessions: () => store.sessions(),
    close: () => store.close(),
  };
}

/** What a slow disk does: the owner stands still before each commit. */
function slowed(store: JournalStore, delayMs: number): JournalStore {
  const never = new Int32Array(new SharedArrayBuffer(4));
  return {
    get epoch() {
      return store.epoch;
    },
    async append(rows: readonly JournalRow[]): Promise<void> {
      Atomics.wait(never, 0, 0, delayMs);
      await store.append(rows);
    },
    rows: (session) => store.rows(session),
    sessions: () => store.sessions(),
    close: () => store.close(),
  };
}

const { kill, commitDelayMs } = order;
if (kill?.moment.kind === 'time') setTimeout(() => hit(kill), kill.moment.afterMs);
/** Strikes when the build is ready, which is before the first commit however fast the machine is. */
const observer: Worker.RunObserver = {
  on(event) {
    const isMeant = kill?.moment.kind === 'phase' && kill.moment.phase === 'before the first commit' && kill.moment.afterMs > 0;
    if (isMeant && event.type === 'built') hit(kill);
  },
};

const env = Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined));
const spawnedRunner = worker.spawnRunner();
runnerPid = spawnedRunner.child.pid;
const options = {
  storeFolder: order.storeFolder,
  sessionId: order.sessionId,
  env,
  command: 'kill sweep',
  spawnedRunner,
  observer,
  wrapStore: (store: JournalStore): JournalStore => {
    const inner = watched(commitDelayMs === undefined ? store : slowed(store, commitDelayMs), kill);
    if (kill?.moment.kind !== 'event' || kill.way === 'context') return inner;
    return stopAfterEvent(inner, kill.moment.seq, () => hit(kill));
  },
  output: { stdout: process.stdout, stderr: process.stderr },
};

try {
  const result =
    order.mode === 'run'
      ? await worker.runSession({ ...options, file: order.file, folder: order.folder, data: order.data })
      : order.mode === 'resume'
        ? await worker.resumeSession(options)
        : await worker.replaySession(options);
  const failure =
    result.failure === undefined ? undefined : { name: result.failure.name, message: result.failure.message, code: result.failure.code };
  writeFileSync(
    order.resultFile,
    JSON.stringify({ ...result, failure, problem: result.problem?.message, valueBytes: undefined, events: result.events }),
  );
  process.exit(result.exitCode);
} catch (error) {
  writeFileSync(order.resultFile, JSON.stringify({ thrown: String(error), code: (error as { code?: string }).code }));
  console.error(error);
  process.exit(4);
}
