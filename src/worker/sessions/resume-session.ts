import { codeOf, ResproutError } from '../../base/errors/errors.ts';
import { RESUMABLE_VERSION, type BuildEvent, type JournalEvent, type StartEvent } from '../../durable/journal/events/event.ts';
import type { JournalRow, JournalStore } from '../../durable/journal/journal-store.ts';
import { encodeRowBytes } from '../../durable/journal/events/row-codec.ts';
import type { Build, Builder } from '../../modules/index.ts';
import { realClock } from '../../platform/time/clock.ts';
import { createDisk } from '../../platform/disk/disk.ts';
import { inStore } from '../../platform/system-error.ts';
import { compareBuild } from '../program/compare-build.ts';
import { entryExport } from '../program/entry-export.ts';
import { envChange } from '../program/env-hashes.ts';
import { HistoryFeed } from '../owner/history-feed.ts';
import { eventsOf, pendingOf, type JournalRows } from '../store/journal-events.ts';
import { openJournal, spaceIn } from '../store/open-journal.ts';
import { RecordedPast } from '../store/recorded-past.ts';
import { ownSession, type Past } from './own-session.ts';
import { noSession } from '../store/list-sessions.ts';
import { planFrom, planRetry, type RewindPlan } from './rewind/plan-rewind.ts';
import { replayIn, type ReplayRequest } from './replay-in.ts';
import type { ResumeOptions, RunResult, SessionOptions } from '../run-options.ts';
import type { RunEvent } from '../run-observer.ts';
import { forwardRunner, type RunnerInUse } from '../runner-in-use.ts';
import { openStore, type Store } from '../store/store.ts';
import { storeBuilder } from '../store/store-builder.ts';

/** What is known of a session whose journal this process owns. */
interface Opened {
  readonly store: Store;
  readonly journal: JournalStore;
  readonly start: StartEvent;
  readonly past: RecordedPast;
  /** All of them, decoded, for who needs more than the past says: read at the first call. */
  events(): Promise<readonly JournalEvent[]>;
  readonly builder: Builder;
  /** Recorded by another store: hashes that were made with its key say nothing here. */
  readonly isBrought: boolean;
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
      const isBrought = await store.sessions.isBrought(sessionId);
      const feed = new HistoryFeed(runner.runner, realClock);
      const past = await readPast(journal.rows(sessionId), feed);
      const start = past.start(sessionId);
      let read: Promise<readonly JournalEvent[]> | undefined;
      const events = (): Promise<readonly JournalEvent[]> => (read ??= eventsOf(journal.rows(sessionId)));
      const opened: Opened = { store, journal, start, past, events, builder: storeBuilder(store, createDisk()), isBrought };
      const planned = await rewindOf(opened, options);
      if (planned === undefined) checkNotEnded(past, sessionId);
      warn(opened, options);
      const current = opened.builder.open(past.buildOf(start));
      const { rewind, switched } = await checked(opened, options, current, planned);
      const more: JournalEvent[] = [rewind?.event, switched?.event].filter((event) => event !== undefined);
      const appended = await append(opened, more);
      if (rewind !== undefined) options.observer?.on(toldOf(rewind));
      if (switched === undefined) compareLater(opened, current, options);
      const builds = earlierBuilds(opened, switched?.build ?? current);
      return await ownSession({
        store,
        claim,
        journal,
        start,
        past: { count: past.count + more.length, pending: await pendingIn(opened, rewind), unsent: appended, feed },
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

/** Looks at the rows of a session once, on their way to the runner: it reads them while it boots, and does nothing before it is told to go. */
async function readPast(rows: JournalRows, feed: HistoryFeed): Promise<RecordedPast> {
  const past = new RecordedPast();
  for await (const row of rows) {
    past.take(row);
    const taken = feed.take(row);
    if (taken !== undefined) await taken;
  }
  return past;
}

/** What the session waits for: with a rewind, all of its events say it. */
async function pendingIn({ past, events }: Opened, rewind: RewindPlan | undefined): Promise<Past['pending']> {
  const known = rewind === undefined ? past.pending : undefined;
  if (known !== undefined) return known;
  const { calls, timers } = pendingOf(rewind === undefined ? await events() : [...(await events()), rewind.event]);
  return [...calls, ...timers];
}

function checkNotEnded({ last, count }: RecordedPast, sessionId: string): void {
  if (last?.t !== 'end') return;
  const isFailed = last.how === 'failed';
  throw new ResproutError('SESSION_ENDED', `session ${sessionId} has ended: ${last.how}`, {
    tried: `go on with ${sessionId}`,
    saw: `its journal ends with ${last.how}, event ${count - 1}`,
    kept: 'Nothing was changed',
    do: isFailed
      ? `Mend the cause, then resprout resume ${sessionId} --retry makes the call that failed again`
      : `resprout show ${sessionId}`,
  });
}

function warn({ store, start, isBrought }: Opened, { env, observer }: SessionOptions): void {
  const change = envChange(store, start, env, isBrought);
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
function earlierBuilds({ past, start, builder }: Opened, current: Build): readonly [Build, ...Build[]] {
  const others = [...past.buildsOf(start)].filter((id) => id !== current.id);
  return [current, ...others.map((id) => builder.open(id))];
}

/** The rewind that is asked for; undefined when the session just goes on where it was. */
async function rewindOf({ past, events, start }: Opened, { retry, from }: ResumeOptions): Promise<RewindPlan | undefined> {
  const end = past.last;
  if (from === undefined && (retry !== true || end?.t !== 'end' || end.how !== 'failed')) return undefined;
  if (start.version < RESUMABLE_VERSION) throw tooOld(start);
  if (from !== undefined) return planFrom(await events(), from, realClock.wallMs());
  return end?.t === 'end' ? planRetry(await events(), end, realClock.wallMs()) : undefined;
}

function tooOld({ session, version }: StartEvent): ResproutError {
  return new ResproutError(
    'JOURNAL_VERSION_OLD',
    `the journal of ${session} is of version ${version}, and ${RESUMABLE_VERSION} is needed`,
    {
      tried: `go on with ${session} from an earlier point`,
      saw: `version ${version}`,
      kept: 'The journal is unchanged, and resprout show reads it',
    },
  );
}

function toldOf({ event, call, otherCalls, keptResults, voidResults }: RewindPlan): RunEvent {
  const told = { type: 'rewound', to: event.to, otherCalls, keptResults, voidResults } as const;
  if (call === undefined) return told;
  if (call.t === 'timer') return { ...told, call: { label: 'sleep', site: call.site } };
  return { ...told, call: { label: call.fn, context: call.t === 'call' ? call.context : undefined, site: call.site } };
}

/** One commit, so that a session which goes on from an earlier point with other code never has one without the other. */
async function append({ journal, start, past }: Opened, more: readonly JournalEvent[]): Promise<readonly JournalRow[]> {
  if (more.length === 0) return [];
  const rows = [rowOf(start, past.count, more)];
  await journal.append(rows);
  return rows;
}

function rowOf({ session }: StartEvent, firstSeq: number, events: readonly JournalEvent[]): JournalRow {
  return { session, firstSeq, count: events.length, bytes: encodeRowBytes(events) };
}

/** What the session goes on with: the widest rewind that a replay agrees with, and the new build. @throws ResproutError JOURNAL_DIVERGED */
async function checked(
  opened: Opened,
  options: ResumeOptions,
  current: Build,
  planned: RewindPlan | undefined,
): Promise<{ readonly rewind: RewindPlan | undefined; readonly switched: Switched | undefined }> {
  const { buildFile } = options;
  const change = async (rewind: RewindPlan | undefined): Promise<Switched | undefined> =>
    buildFile === undefined ? undefined : await switchBuild(opened, options, buildFile, rewind);
  const wider = planned?.wider;
  if (wider === undefined) return { rewind: planned, switched: await change(planned) };
  try {
    const switched = await change(wider);
    // The same code must also print the same: it is shown no second time.
    if (switched === undefined)
      await replayIn({
        ...opened,
        build: current,
        ...(await historyOf(opened, wider)),
        options: { ...options, observer: undefined },
        isStrict: !opened.isBrought,
      });
    return { rewind: wider, switched };
  } catch (thrown) {
    if (codeOf(thrown) !== 'JOURNAL_DIVERGED') throw thrown;
    return { rewind: planned, switched: await change(planned) };
  }
}

/** The recorded rows with a rewind that is not appended yet. */
async function historyOf(
  { journal, start, past }: Opened,
  rewind: RewindPlan | undefined,
): Promise<Pick<ReplayRequest, 'rows' | 'events'>> {
  const rows = await Array.fromAsync(journal.rows(start.session));
  if (rewind === undefined) return { rows, events: past.count };
  return { rows: [...rows, rowOf(start, past.count, [rewind.event])], events: past.count + 1 };
}

interface Switched {
  readonly build: Build;
  readonly event: BuildEvent;
}

/** Replays against today's code in a runner of its own, up to the point of a rewind. Only when nothing diverges, the session gets the new build. */
async function switchBuild(
  opened: Opened,
  options: SessionOptions,
  buildFile: string,
  rewind: RewindPlan | undefined,
): Promise<Switched | undefined> {
  const { store, start, past, builder } = opened;
  const build = builder.build(buildFile);
  if (build.id === past.buildOf(start)) return undefined;
  entryExport(build, start.exportName);
  await replayIn({ store, start, build, builder, ...(await historyOf(opened, rewind)), options, isStrict: false });
  return { build, event: { t: 'build', build: build.id, atMs: realClock.wallMs() } };
}
