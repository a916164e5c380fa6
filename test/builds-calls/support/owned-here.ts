// Sessions whose owner is the test's own process: real runners, real far processes, a real journal, and no time for the start of an owner.
import path from 'node:path';
import { stopAfterEvent } from '../../../src/testing.ts';
import { resumeSession, runSession, type JournalStore, type ResumeOptions, type RunOptions, type RunResult } from '../../../src/worker.ts';

const env: Record<string, string> = {};
for (const [name, value] of Object.entries(process.env)) if (value !== undefined) env[name] = value;

export interface Session {
  readonly file: string;
  readonly sessionId: string;
  readonly data: unknown;
  /** Folder of the store. */
  readonly storeFolder: string;
}

/** Where the owner stops as if it had been killed: the runner is killed, and nothing after that event is ever written. */
export interface Stop {
  readonly event: number;
  /** The commit of the event was answered: what waited for it has gone on, and what came of that is lost. */
  readonly answered: boolean;
}

/** Runs or resumes a session. A stopped one is `lost`, with STORE_IO. */
export async function ownHere(
  how: 'run' | 'resume',
  session: Session,
  stop?: Stop,
  more: Partial<RunOptions & ResumeOptions> = {},
): Promise<RunResult> {
  const { file, sessionId, data, storeFolder } = session;
  const options: RunOptions & ResumeOptions = {
    file,
    folder: path.dirname(file),
    storeFolder,
    sessionId,
    data,
    env,
    command: 'a test',
    ...(stop === undefined ? {} : { wrapStore: (store) => stopped(store, stop) }),
    ...more,
  };
  return how === 'run' ? await runSession(options) : await resumeSession(options);
}

function stopped(store: JournalStore, { event, answered }: Stop): JournalStore {
  if (!answered) return stopAfterEvent(store, event, () => {});
  return {
    ...asObject(store),
    async append(rows) {
      if (rows.every(({ firstSeq, count }) => firstSeq + count <= event + 1)) return await store.append(rows);
      // Events of one row may lie on both sides: those up to the stop are written, and nobody hears of it.
      if (rows.some(({ firstSeq }) => firstSeq <= event)) return await stopAfterEvent(store, event, () => {}).append(rows);
      throw new Error('stopped by a test');
    },
  };
}

/** A store whose methods can be replaced one by one. */
export function asObject(store: JournalStore): JournalStore {
  return {
    epoch: store.epoch,
    append: (rows) => store.append(rows),
    rows: (session) => store.rows(session),
    sessions: () => store.sessions(),
    close: () => store.close(),
  };
}
