import { ResproutError } from '../../base/errors/errors.ts';
import { encodeRowBytes } from '../../durable/journal/events/row-codec.ts';
import { JOURNAL_VERSION, type StartEvent } from '../../durable/journal/events/event.ts';
import { realClock } from '../../platform/time/clock.ts';
import { createDisk } from '../../platform/disk/disk.ts';
import { realRandom } from '../../platform/random.ts';
import { inStore } from '../../platform/system-error.ts';
import { encodeToBytes } from '../../wire/values/value-encode.ts';
import { checkImports } from '../program/check-imports.ts';
import { entryExport, entryNote } from '../program/entry-export.ts';
import { envHashes } from '../program/env-hashes.ts';
import { openJournal, spaceIn } from '../store/open-journal.ts';
import { ownSession } from './own-session.ts';
import { forwardRunner, type RunnerInUse } from '../runner-in-use.ts';
import type { RunOptions, RunResult } from '../run-options.ts';
import { isSessionId, newSessionId } from '../../durable/journal/sessions/session-id.ts';
import { openStore, type Store } from '../store/store.ts';
import { storeBuilder } from '../store/store-builder.ts';

const SEED_BYTES = 32;

/**
 * Runs a program durably: builds it, starts it in a runner, owns its journal until it ends, parks or is lost.
 * @throws ResproutError before anything ran: RUN_FILE_MISSING, RUN_EXPORT_MISSING, TRANSFORM_SYNTAX, TRANSFORM_UNSUPPORTED,
 *   BUILD_MODULE_MISSING, BUILD_EXPORT_MISSING, STORE_UNSAFE, SESSION_HELD, STORE_IO. What goes wrong later is in the result.
 */
export async function runSession(options: RunOptions): Promise<RunResult> {
  const runner = forwardRunner(options);
  try {
    const store = openStore({ folder: options.storeFolder });
    return await inStore(store.folder, () => run(store, options, runner));
  } finally {
    runner.close();
  }
}

async function run(store: Store, options: RunOptions, runner: RunnerInUse): Promise<RunResult> {
  const disk = createDisk();
  await spaceIn(store.folder, options);
  const file = programFile(options.file);
  const startedMs = realClock.monotonicMs();
  options.observer?.on({ type: 'building', file });
  const builder = storeBuilder(store, disk);
  const build = builder.build(file);
  options.observer?.on({
    type: 'built',
    build: build.id,
    files: Object.keys(build.manifest.files).length,
    tookMs: realClock.monotonicMs() - startedMs,
  });
  const exportName = entryExport(build, options.exportName);
  checkImports(build);
  const note = entryNote(build, exportName);
  if (note !== undefined) options.observer?.on({ type: 'note', text: note });
  const sessionId = checkedId(options.sessionId) ?? newSessionId(realClock, realRandom);
  const claim = await store.sessions.claim(sessionId, { command: options.command });
  try {
    await spaceIn(store.folder, options);
    const journal = await openJournal(store.sessions, sessionId, options);
    try {
      if ((await journal.sessions()).length > 0) throw taken(sessionId);
      const start = startEvent(options, store, { file, exportName, sessionId, build: build.id });
      await journal.append([{ session: sessionId, firstSeq: 0, count: 1, bytes: encodeRowBytes([start]) }]);
      const past = { count: 1, pending: [], unsent: journal.rows(sessionId) };
      return await ownSession({ store, claim, journal, start, past, builder, builds: [build], ...runner, options });
    } finally {
      await journal.close();
    }
  } finally {
    await claim.release();
  }
}

function programFile(given: string): string {
  const disk = createDisk();
  const file = disk.realPath(given);
  if (file !== undefined && disk.stat(file)?.isFile === true) return file;
  throw new ResproutError('RUN_FILE_MISSING', `${given} ${file === undefined ? 'does not exist' : 'is no file'}`, {
    tried: `run ${given}`,
    saw: file === undefined ? 'no such file' : 'a folder or something else that is no file',
    kept: 'Nothing ran',
  });
}

function checkedId(given: string | undefined): string | undefined {
  if (given === undefined || isSessionId(given)) return given;
  throw new ResproutError('USAGE', `${given} is no session id`, {
    tried: `start session ${given}`,
    saw: 'a session id is ses_ and 26 digits or small letters without i, l, o and u',
  });
}

function taken(sessionId: string): ResproutError {
  return new ResproutError('USAGE', `session ${sessionId} exists already`, {
    tried: `start session ${sessionId}`,
    saw: 'its journal has events',
    kept: 'Nothing was changed',
    do: `resprout resume ${sessionId}`,
  });
}

function startEvent(
  options: RunOptions,
  store: Store,
  facts: { readonly file: string; readonly exportName: string; readonly sessionId: string; readonly build: string },
): StartEvent {
  return {
    t: 'start',
    version: JOURNAL_VERSION,
    atMs: realClock.wallMs(),
    session: facts.sessionId,
    seed: realRandom.bytes(SEED_BYTES),
    build: facts.build,
    file: facts.file,
    exportName: facts.exportName,
    folder: options.folder,
    argv: options.argv ?? [],
    data: encodeToBytes(options.data),
    envHashes: envHashes(store, options.env),
  };
}
