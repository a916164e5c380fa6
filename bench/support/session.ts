// A session whose owner is the bench itself, as it is the command line's main thread in `resprout run`.
import { runSession, type RunResult } from 'resprout/worker';
import type { JournalStore } from '../../src/durable/journal/journal-store.ts';

/** What an owner has committed. */
export interface Committed {
  commits: number;
  rows: number;
  events: number;
  bytes: number;
}

export interface StartedSession {
  readonly committed: Committed;
  readonly result: Promise<RunResult>;
  /** Rejects when the session ends. */
  readonly lost: Promise<never>;
}

const counting =
  (committed: Committed) =>
  (store: JournalStore): JournalStore => ({
    epoch: store.epoch,
    async append(rows) {
      await store.append(rows);
      committed.commits++;
      committed.rows += rows.length;
      for (const row of rows) {
        committed.events += row.count;
        committed.bytes += row.bytes.length;
      }
    },
    afterAnswer: () => store.afterAnswer?.(),
    rows: (session) => store.rows(session),
    sessions: () => store.sessions(),
    close: () => store.close(),
  });

/** The environment of programs: this one's. */
export const programEnv = (): Record<string, string> =>
  Object.fromEntries(Object.entries(process.env).map(([name, value]) => [name, value ?? '']));

/** Starts a session in a store below `folder`. */
export function startSession(file: string, folder: string, data: unknown): StartedSession {
  const committed: Committed = { commits: 0, rows: 0, events: 0, bytes: 0 };
  const result = runSession({
    file,
    data,
    storeFolder: `${folder}/store`,
    folder,
    env: programEnv(),
    command: 'bench',
    output: { stdout: process.stderr, stderr: process.stderr },
    wrapStore: counting(committed),
  });
  const lost = result.then((end) => {
    throw new Error(`the session ended: ${end.state} ${end.problem?.message ?? end.failure?.message ?? ''}`);
  });
  lost.catch(() => {});
  return { committed, result, lost };
}
