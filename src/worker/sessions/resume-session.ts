import { ResproutError } from '../../base/errors/errors.ts';
import type { BuildEvent, JournalEvent, StartEvent } from '../../durable/journal/events/event.ts';
import type { JournalStore } from '../../durable/journal/journal-store.ts';
import { encodeRowBytes } from '../../durable/journal/events/row-codec.ts';
import type { Build, Builder } from '../../modules/index.ts';
import { realClock } from '../../platform/time/clock.ts';
import { createDisk } from '../../platform/disk/disk.ts';
import { inStore } from '../../platform/system-error.ts';
import { compareBuild } from '../program/compare-build.ts';
import { entryExport } from '../program/entry-export.ts';
import { envChange } from '../program/env-hashes.ts';
import { buildOf, eventsOf, startOf } from '../store/journal-events.ts';
import { openJournal, spaceIn } from '../store/open-journal.ts';
import { ownSession } from './own-session.ts';
import { noSession } from '../store/list-sessions.ts';
import { replayIn } from './replay-in.ts';
import type { ResumeOptions, RunResult, SessionOptions } from '../run-options.ts';
import { forwardRunner, type RunnerInUse } from '../runner-in-use.ts';
import { openStore, type Store } from '../store/store.ts';
import { storeBuilder } from '../store/store-builder.ts';

/** What is known of a session whose journal this process owns. */
interface Opened {
  readonly store: Store;
  readonly journal: JournalStore;
  readonly start: StartEvent;
  readonly events: readonly JournalEvent[];
  readonly builder: Builder;
}

/**
 * Goes on with a session where it was.
 * @throws ResproutError SESSION_MISSING, SESSION_HELD, SESSION_ENDED, JOURNAL_DIVERGED (the session is untouched),
 *   JOURNAL_CORRUPT, BUILD_FILE_MISSING, STORE_UNSAFE, STORE_IO
 */
export async function resumeSession(options: ResumeOptions): Promise<RunResult> {
  return await resumeWith(options, false);
}

/** Resumes; `cancelAtOnce` cancels as soon as replay has caught up. */
export async function resumeWith(options: ResumeOptions, cancelAtOnce: boolean): Promise<RunResult> {
  const runner = forwardRunner(options);
  try {
    const store = openStore({ folder: options.storeFolder, create: false });
    return await inStore(store.folder, () => resume(store, options, runner, cancelAtOnce));
  } finally {
    runner.close();
  }
}

/** Goes on with a session of a store that is open. */
export async function resumeIn(store: Store, options: ResumeOptions): Promise<RunResult> {
  const runner = forwardRunner(options);
  try {
    return await inStore(store.folder, () => resume(store, options, runner, false));
  } finally {
    runner.close();
  }
}

async function resume(store: Store, options: ResumeOptions, runner: RunnerInUse, cancelAtOnce: boolean): Promise<RunResult> {
  const { sessionId, takeOver } = options;
  if (!(await store.sessions.has(sessionId))) throw noSession(store, sessionId, 'open');
  const claim = await store.sessions.claim(sessionId, { command: options.command, takeOver, mustExist: true });
  try {
    await spaceIn(store.folder, options);
    const journal = await openJournal(store.sessions, sessionId, options);
    try {
      const events = await eventsOf(journal.rows(sessionId));
      const start = startOf(events, sessionId);
      const opened: Opened = { store, journal, start, events, builder: storeBuilder(store, createDisk()) };
      checkNotEnded(events, sessionId);
      warn(opened, options);
      const current = opened.builder.open(buildOf(events, start));
      const switched = options.buildFile === undefined ? undefined : await switchBuild(opened, options, options.buildFile);
      if (switched === undefined) compareLater(opened, current, options);
      const builds = earlierBuilds(opened, switched?.build ?? current);
      const all = switched === undefined ? events : [...events, switched.event];
      return await ownSession({
        store,
        claim,
        journal,
        start,
        events: all,
        builder: opened.builder,
        builds,
        ...runner,
        options,
        cancelAtOnce,
      });
    } finally {
      await journal.close();
    }
  } finally {
    await claim.release();
  }
}

function checkNotEnded(events: readonly JournalEvent[], sessionId: string): void {
  const last = events.at(-1);
  if (last?.t !== 'end') return;
  const isFailed = last.how === 'failed';
  throw new ResproutError('SESSION_ENDED', `session ${sessionId} has ended: ${last.how}`, {
    tried: `go on with ${sessionId}`,
    saw: `its journal ends with ${last.how}, event ${events.length - 1}`,
    kept: 'Nothing was changed',
    do: isFailed ? `Look at the error with resprout show ${sessionId}, then start the program again` : `resprout show ${sessionId}`,
  });
}

function warn({ store, start }: Opened, { env, observer }: SessionOptions): void {
  const change = envChange(store, start, env);
  if (change !== undefined) observer?.on({ type: 'warning', error: change });
}

/** Comparing with the files of today takes a build; it is made while the runner boots. */
function compareLater({ builder, start }: Opened, build: Build, { observer }: SessionOptions): void {
  if (observer === undefined) return;
  const { differing, packages } = compareBuild(builder, build, start.file);
  if (differing.length > 0) observer.on({ type: 'files-differ', build: build.id, files: differing });
  if (packages !== undefined) observer.on({ type: 'warning', error: packages });
}

/** All builds that the session ran, the one that runs now first: far contexts may still hold code of the others. */
function earlierBuilds({ events, start, builder }: Opened, current: Build): readonly [Build, ...Build[]] {
  const ids = new Set([start.build, ...events.filter((event) => event.t === 'build').map((event) => event.build)]);
  ids.delete(current.id);
  return [current, ...[...ids].map((id) => builder.open(id))];
}

/** Replays against today's code in a runner of its own. Only when nothing diverges, the session gets the new build. */
async function switchBuild(
  { store, journal, start, events, builder }: Opened,
  options: SessionOptions,
  buildFile: string,
): Promise<{ readonly build: Build; readonly event: BuildEvent } | undefined> {
  const build = builder.build(buildFile);
  if (build.id === buildOf(events, start)) return undefined;
  entryExport(build, start.exportName);
  await replayIn({ store, start, build, builder, events: events.length, rows: journal.rows(start.session), options, isStrict: false });
  const event: BuildEvent = { t: 'build', build: build.id, atMs: realClock.wallMs() };
  await journal.append([{ session: start.session, firstSeq: events.length, count: 1, bytes: encodeRowBytes([event]) }]);
  return { build, event };
}
