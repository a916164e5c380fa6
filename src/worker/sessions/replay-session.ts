import { createDisk } from '../../platform/disk/disk.ts';
import { inStore } from '../../platform/system-error.ts';
import { entryExport } from '../program/entry-export.ts';
import { RecordedPast } from '../store/recorded-past.ts';
import { noSession } from '../store/list-sessions.ts';
import { replayIn } from './replay-in.ts';
import type { ReplayOptions, RunResult } from '../run-options.ts';
import { endedResult, parkedResult } from '../run-result.ts';
import { openStore, type Store } from '../store/store.ts';
import { storeBuilder } from '../store/store-builder.ts';

/**
 * Replays a session from its first event to its last. Nothing is appended, opened or called; the owner may be alive.
 * @returns how the journal ends: `parked` with exit code 0 when it has no end yet
 * @throws ResproutError SESSION_MISSING, JOURNAL_DIVERGED with both sides, JOURNAL_CORRUPT, BUILD_FILE_MISSING
 */
export async function replaySession(options: ReplayOptions): Promise<RunResult> {
  const store = openStore({ folder: options.storeFolder, create: false });
  return await inStore(store.folder, () => replay(store, options));
}

async function replay(store: Store, options: ReplayOptions): Promise<RunResult> {
  const { sessionId, buildFile } = options;
  if (!(await store.sessions.has(sessionId))) throw noSession(store, sessionId, 'replay');
  const rows = await Array.fromAsync(store.sessions.read(sessionId));
  const past = await RecordedPast.of(rows);
  const start = past.start(sessionId);
  const builder = storeBuilder(store, createDisk());
  const build = buildFile === undefined ? builder.open(past.buildOf(start)) : builder.build(buildFile);
  if (buildFile !== undefined) entryExport(build, start.exportName);
  await replayIn({
    store,
    start,
    build,
    builder,
    events: past.count,
    rows,
    options,
    // The key of another store hashed the Secrets among its arguments: what differs is told, and is no error.
    isStrict: buildFile === undefined && !(await store.sessions.isBrought(sessionId)),
    spawnedRunner: options.spawnedRunner,
  });
  const facts = { sessionId, events: past.count, replayed: past.count };
  const { last } = past;
  if (last?.t === 'end') return endedResult(facts, last);
  return { ...parkedResult(facts, []), exitCode: 0 };
}
