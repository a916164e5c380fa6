// One program in all the ways a session can go: run, replayed, killed after every event and resumed, and that replayed again.
import assert from 'node:assert/strict';
import { real } from '../../../src/durable/runner/globals/real.ts';
import type { JournalEvent } from '../../../src/durable/journal/events/event.ts';
import type { Session } from '../../../src/durable/replay/session/session-api.ts';
import type { SessionOutcome } from '../../../src/durable/replay/session/session-report.ts';
import { killAfter, run, type Program, type RunOptions } from '../../replay/support/program.ts';

/** What a session did, as a program and its user see it. */
export interface Seen {
  readonly how: SessionOutcome['how'];
  readonly value?: unknown;
  readonly error?: string;
  readonly exitCode?: number;
  readonly out: string;
}

let number = 0;

/** Runs with what the program prints taken away from the terminal of the tests. */
async function printed<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly out: string }> {
  const { output } = real;
  let out = '';
  const write = (chunk: string | Uint8Array): boolean => {
    out += Buffer.from(chunk).toString().replaceAll(String(process.pid), 'PID');
    return true;
  };
  // The test runner keeps the streams themselves, and reports there meanwhile.
  Reflect.set(real, 'output', (fd: 1 | 2) => Object.create(output(fd), { write: { value: write } }) as object);
  // What a killed program left in the console of this process.
  for (let group = 0; group < 3; group++) console.groupEnd();
  try {
    const result = await work();
    return { result, out };
  } finally {
    Reflect.set(real, 'output', output);
  }
}

const UNCAUGHT = ['unhandledRejection', 'uncaughtException', 'rejectionHandled'] as const;

/** The process's own listeners make way for those of a runner: what the program leaves unhandled is the session's, not the test's. */
async function asRunner<T>(work: (take: (session: Session) => void) => Promise<T>): Promise<T> {
  let session: Session | undefined;
  const saved = UNCAUGHT.map((name) => ({ name, listeners: process.rawListeners(name) }));
  for (const name of UNCAUGHT) process.removeAllListeners(name);
  process.on('unhandledRejection', (error, promise) => session?.crash(error, 'unhandledRejection', promise));
  process.on('uncaughtException', (error) => session?.crash(error));
  process.on('rejectionHandled', (promise) => session?.enter(() => session?.processEvents.emit('rejectionHandled', promise)));
  try {
    return await work((made) => {
      session = made;
    });
  } finally {
    // A rejection of a killed program is told at the end of its turn.
    await new Promise((resolve) => setImmediate(resolve));
    for (const { name, listeners } of saved) {
      process.removeAllListeners(name);
      for (const listener of listeners) process.on(name, listener as () => void);
    }
  }
}

async function seen(
  program: Program,
  options: RunOptions,
): Promise<Seen & { readonly events: readonly JournalEvent[]; readonly appended: number }> {
  const { result, out } = await printed(() => asRunner((onSession) => run(program, { ...options, onSession })));
  const { outcome, events, appended } = result;
  const { exitCode } = outcome;
  const error = outcome.how === 'done' ? undefined : String(outcome.error);
  return {
    how: outcome.how,
    ...(outcome.how === 'done' ? { value: outcome.value } : {}),
    ...(error === undefined ? {} : { error }),
    ...(exitCode === undefined ? {} : { exitCode }),
    out,
    events,
    appended: appended.length,
  };
}

const view = ({ how, value, error, exitCode }: Seen): object => ({ how, value, error, exitCode });

export interface StageOptions extends RunOptions {
  /** What it gives depends on how long its process was away: then a killed one need only end well, and repeat that. */
  readonly isTimed?: boolean;
  /** Standard input of a process that goes on from a history. */
  readonly inputOf?: (history: readonly JournalEvent[]) => NonNullable<RunOptions['input']>;
}

/** Some of it may be shown by both: what the program printed behind the last event. */
function noTextLost(whole: string, before: string, after: string, cut: number): void {
  const isWhole = whole.startsWith(before) && whole.endsWith(after) && before.length + after.length >= whole.length;
  assert.ok(isWhole, `killed after event ${String(cut)}: ${JSON.stringify([before, after])} of ${JSON.stringify(whole)}`);
}

/** What every stage must give. Nothing is shown twice. @param isAnyText the text of the first run is not compared: it has places of this machine */
export async function inAllStages(program: Program, expected: Seen, options: StageOptions = {}, isAnyText = false): Promise<void> {
  const { inputOf, isTimed = false, ...rest } = options;
  const withInput = (history: readonly JournalEvent[]): RunOptions => ({
    ...rest,
    ...(inputOf === undefined ? {} : { input: inputOf(history) }),
  });
  const id = `ses_stage${String(++number)}`;
  const first = await seen(program, { ...withInput([]), id });
  assert.deepEqual({ ...view(first), out: isAnyText ? expected.out : first.out }, { ...view(expected), out: expected.out }, 'first run');
  const replay = await seen(program, { ...withInput(first.events), id, history: first.events, strict: true });
  assert.deepEqual({ ...view(replay), out: replay.out, appended: replay.appended }, { ...view(expected), out: '', appended: 0 }, 'replay');
  for (let cut = 2; cut <= first.events.length; cut++) {
    const killed = await printed(() => asRunner((onSession) => killAfter(program, cut, { ...withInput([]), id, onSession })));
    const resumed = await seen(program, { ...withInput(killed.result), id, history: killed.result, strict: true });
    const wanted = isTimed ? { ...expected, value: resumed.value } : expected;
    assert.deepEqual(view(resumed), view(wanted), `killed after event ${String(cut)}`);
    if (!isAnyText && !isTimed) noTextLost(expected.out, killed.out, resumed.out, cut);
    const again = await seen(program, { ...withInput(resumed.events), id, history: resumed.events, strict: true });
    assert.deepEqual(
      { ...view(again), out: again.out, appended: again.appended },
      { ...view(wanted), out: '', appended: 0 },
      'replayed again',
    );
  }
}
