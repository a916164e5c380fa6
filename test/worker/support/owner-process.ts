// A process that owns one session, as the command line does: `node owner-process.ts ORDER.json`. It prints one JSON value a line: what the
// observer is told, then the result. The program's own output goes to stderr. Lines on stdin are requests: park, cancel.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { stopAfterEvent } from '../../../src/testing.ts';
import {
  cancelSession,
  replaySession,
  resumeSession,
  RunControl,
  runSession,
  type RunOptions,
  type ResumeOptions,
  type JournalStore,
  type RunResult,
} from '../../../src/worker.ts';
import { isResproutError } from '../../../src/base/errors/errors.ts';

export interface Order {
  readonly mode: 'run' | 'resume' | 'replay' | 'cancel';
  readonly options: Omit<RunOptions & ResumeOptions, 'env' | 'command'>;
  /** The runner is killed once event number so many is on disk. */
  readonly killRunnerAfter?: number | undefined;
  /** Append number so many (from 0, the start event) fails. */
  readonly failAppend?: number | undefined;
  /** This process is killed then. */
  readonly killOwnerAfter?: number | undefined;
}

const order = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Order;
const say = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`);
const control = new RunControl();
const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => (line === 'park' ? control.park() : control.cancel()));

const env: Record<string, string> = {};
for (const [name, value] of Object.entries(process.env)) if (value !== undefined) env[name] = value;
let runnerPid = 0;
const { killRunnerAfter, killOwnerAfter, failAppend } = order;
const options: RunOptions & ResumeOptions = {
  ...order.options,
  env,
  command: `owner-process ${order.mode}`,
  control,
  observer: {
    on(event) {
      if (event.type === 'started') runnerPid = event.runnerPid;
      say({ event });
    },
    onJournal(seq) {
      if (seq === killRunnerAfter) process.kill(runnerPid, 'SIGKILL');
    },
  },
  output: { stdout: process.stderr, stderr: process.stderr },
};

/** A store whose append number `at` throws as SQLite does, and writes nothing. */
function failing(store: JournalStore, at: number): JournalStore {
  let count = 0;
  return {
    epoch: store.epoch,
    async append(rows) {
      if (count++ === at) throw Object.assign(new Error('disk I/O error'), { code: 'ERR_SQLITE_ERROR', errcode: 778 });
      await store.append(rows);
    },
    rows: (session) => store.rows(session),
    sessions: () => store.sessions(),
    close: () => store.close(),
  };
}

function wrapStore(store: JournalStore): JournalStore {
  if (failAppend !== undefined) return failing(store, failAppend);
  return killOwnerAfter === undefined ? store : stopAfterEvent(store, killOwnerAfter, () => process.kill(process.pid, 'SIGKILL'));
}

const RUN = { run: runSession, resume: resumeSession, replay: replaySession, cancel: cancelSession } as const;
let code: number;
try {
  const result: RunResult = await RUN[order.mode]({ ...options, wrapStore });
  const problem = result.problem === undefined ? undefined : { code: result.problem.code, message: result.problem.message };
  const failure = result.failure === undefined ? undefined : { ...result.failure, error: undefined };
  say({ result: { ...result, problem, failure, valueBytes: undefined } });
  code = result.exitCode;
} catch (error) {
  if (!isResproutError(error)) console.error(error);
  const { code: known, message, problem } = isResproutError(error) ? error : { code: 'none', message: String(error), problem: {} };
  say({ thrown: { code: known, message, problem } });
  code = 4;
}
lines.close();
process.stdin.destroy();
process.exitCode = code;
