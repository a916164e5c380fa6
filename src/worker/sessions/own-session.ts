// Owning one session for one run: the claim on its folder, its journal, the runner, and what comes of it.
import { ResproutError, toError } from '../../base/errors/errors.ts';
import type { CallEvent, JournalEvent, StartEvent, TimerEvent } from '../../durable/journal/events/event.ts';
import type { JournalStore } from '../../durable/journal/journal-store.ts';
import { errorOfPlain } from '../../durable/journal/runner/runner-messages.ts';
import { encodeRowBytes } from '../../durable/journal/events/row-codec.ts';
import type { Build, Builder } from '../../modules/index.ts';
import { realClock } from '../../platform/time/clock.ts';
import { realTurn } from '../../platform/time/turn.ts';
import { encodeToBytes } from '../../wire/values/value-encode.ts';
import { definedEnv } from '../program/defined-env.ts';
import { secretNames } from '../program/secret-names.ts';
import { secretKey } from '../program/secret-key.ts';
import { EventWatch } from './event-watch.ts';
import { eventsOf, unfinishedOf, type JournalRows } from '../store/journal-events.ts';
import type { ReadRow } from '../owner/commit-queue.ts';
import { SpaceWait } from '../owner/space-wait.ts';
import type { HistoryFeed } from '../owner/history-feed.ts';
import { OwnedRun, type OwnedRunOptions, type RunEnd } from '../owner/owned-run.ts';
import type { SessionSecrets } from '../owner/session-secrets.ts';
import type { OutputKeeper } from '../owner/output-keeper.ts';
import type { ForwardedOutput } from '../owner/forward-output.ts';
import type { Claim, ParkedState } from '../../durable/journal/sessions/session-store.ts';
import { askFor } from '../ask.ts';
import { endedResult, lostResult, parkedResult, type ResultFacts } from '../run-result.ts';
import type { RunResult, SessionOptions } from '../run-options.ts';
import type { SpawnedRunner } from '../runner-process.ts';
import { buildService } from './session-service.ts';
import { SessionStops } from './session-stops.ts';
import type { Store } from '../store/store.ts';

/** What was recorded before this run. */
export interface Past {
  /** Events so far, the start event among them. */
  readonly count: number;
  /** Calls and timers without a result. */
  readonly pending: readonly (CallEvent | TimerEvent)[];
  /** What the runner has not been sent yet. */
  readonly unsent: JournalRows;
  /** What has sent it the rest. */
  readonly feed?: HistoryFeed | undefined;
}

export interface OwnedSession {
  readonly store: Store;
  readonly claim: Claim;
  readonly journal: JournalStore;
  readonly start: StartEvent;
  readonly past: Past;
  readonly builder: Builder;
  /** The build that runs, then those it ran before. */
  readonly builds: readonly [Build, ...Build[]];
  readonly runner: SpawnedRunner;
  readonly output: readonly ForwardedOutput[];
  readonly keeper: OutputKeeper;
  readonly secrets: SessionSecrets;
  readonly options: SessionOptions;
  /** Cancel as soon as replay has caught up. */
  readonly cancelAtOnce?: boolean | undefined;
}

/** Parts of a run that do not depend on how it goes. */
type RunParts = Omit<OwnedRunOptions, 'graceMs' | 'onCommitted' | 'onReport'>;

const DEFAULT_GRACE_MS = 5000;
/** Losses that leave the journal open and readable: what the runner sent before its end is in it, perhaps the end of the session too. */
const RUNNER_CODES: ReadonlySet<string> = new Set(['RUNNER_LOST', 'REMOTE_PROTOCOL']);
const KILLED_NOTE = 'finally blocks did not run: the program did not end within the grace';

/** Runs a session in its runner until it ends, parks or is lost. */
export async function ownSession(owned: OwnedSession): Promise<RunResult> {
  const { options, start, past } = owned;
  const { observer, parkOnSleepMs, graceMs = DEFAULT_GRACE_MS } = options;
  owned.secrets.addEnv({ env: options.env, names: secretNames(owned.store.folder, start.file), observer });
  await owned.secrets.keepIn(owned.store, start.session);
  const stops = new SessionStops({ clock: realClock, observer, graceMs, parkOnSleepMs });
  const watch = new EventWatch({
    observer,
    onOnlyTimers: parkOnSleepMs === undefined ? undefined : (dueMs) => stops.onlyTimers(dueMs),
  });
  watch.past(past.pending);
  await owned.store.sessions.setParked(start.session, undefined);
  owned.keeper.keepIn(owned.store.sessions.keepOutput(start.session));
  observer?.on({ type: 'starting', sessionId: start.session, recorded: past.count });
  const newest = new NewestEvent(past.count);
  const run = new OwnedRun({
    ...partsOf(owned),
    graceMs,
    onCommitted: (rows) => {
      stops.moved();
      newest.take(rows);
      watch.take(rows);
    },
    onReport: (report) => takeReport(report, owned, stops),
  });
  stops.attach(run);
  owned.claim.attach({ park: () => stops.park(), cancel: () => stops.cancel(), tree: () => run.tree() });
  options.control?.attach(stops);
  if (owned.cancelAtOnce === true) stops.cancel();
  const end = await run.ended;
  const problem = await owned.keeper.close();
  await owned.secrets.close();
  if (problem !== undefined) observer?.on({ type: 'note', text: `not all of the output is kept for resprout logs: ${problem.message}` });
  stops.ended();
  options.control?.detach();
  return await resultOf(end, owned, newest, stops.parkedFor);
}

/** Where the journal ends: as it was found, then as it was committed. Every commit of a run is told before the run has ended. */
class NewestEvent {
  count: number;
  /** The last event that this run appended. */
  last: JournalEvent | undefined;

  constructor(count: number) {
    this.count = count;
  }

  take(rows: readonly ReadRow[]): void {
    for (const { firstSeq, count, events } of rows) {
      this.count = firstSeq + count;
      this.last = events.at(-1);
    }
  }
}

/** What the run is made of: the runner and its orders, the journal, and what the runner asks for. */
function partsOf(owned: OwnedSession): RunParts {
  const { runner, journal, start, builds, builder, store, past, output, keeper, secrets, options } = owned;
  const { session, file, exportName, folder, argv } = start;
  return {
    runner,
    store: journal,
    start: {
      session,
      mode: 'record',
      strict: false,
      repeatUnknown: options.repeatUnknown,
      build: builds[0].id,
      buildsFolder: store.buildsFolder,
      file,
      exportName,
      folder,
      argv,
      env: definedEnv(options.env),
      secretKey: secretKey(store),
      recorded: past.count,
    },
    history: past.unsent,
    feed: past.feed,
    service: {
      ...buildService(builder, builds),
      log: (line) => {
        const shown = { ...line, text: secrets.known.scrub(line.text) };
        keeper.line(shown);
        options.observer?.on({ type: 'log', line: shown });
      },
      ask: askFor(options.ask),
    },
    onSecret: (text) => secrets.made(text),
    clock: realClock,
    turn: realTurn,
    space: new SpaceWait(realClock, options.observer),
    output,
  };
}

function takeReport(report: unknown, { options, start, runner, past, output, secrets }: OwnedSession, stops: SessionStops): void {
  if (typeof report !== 'object' || report === null || !('kind' in report)) return;
  if (report.kind === 'started') options.observer?.on({ type: 'started', sessionId: start.session, runnerPid: runner.child.pid ?? 0 });
  else if (report.kind === 'caught-up' && past.count > 1) options.observer?.on({ type: 'caught-up', recorded: past.count });
  else if (report.kind === 'note' && 'text' in report && typeof report.text === 'string') {
    options.observer?.on({ type: 'note', text: secrets.known.scrub(report.text) });
  } else if (report.kind === 'terminal' && 'isOpen' in report && 'isRaw' in report) {
    // What was printed before comes by another way: it belongs to the time before.
    for (const one of output) one.takeNow();
    options.observer?.on({ type: 'terminal', isOpen: report.isOpen === true, isRaw: report.isRaw === true });
  } else if (report.kind === 'signal' && 'name' in report && 'isHeard' in report) {
    stops.answered(String(report.name), report.isHeard === true);
  }
}

async function resultOf(end: RunEnd, owned: OwnedSession, { count, last }: NewestEvent, parkedFor: number | undefined): Promise<RunResult> {
  const { start, past, journal, options } = owned;
  const facts = (events: number): ResultFacts => ({ sessionId: start.session, events, replayed: past.count });
  if (end.how === 'lost' && !RUNNER_CODES.has(end.error.code)) return lostResult(facts(past.count), end.error);
  if (end.how === 'ended' && end.message.how === 'refused') {
    const { problem } = end.message;
    throw problem === undefined ? new ResproutError('INTERNAL', 'the runner refused the session without a reason') : errorOfPlain(problem);
  }
  if (last?.t === 'end') return endedResult(facts(count), last);
  if (end.how === 'lost') return lostResult(facts(count), end.error);
  if (end.how === 'cancel-forced') {
    const ended = cancelledByOwner(start.session);
    await journal.append([{ session: start.session, firstSeq: count, count: 1, bytes: encodeRowBytes([ended]) }]);
    options.observer?.on({ type: 'ended', how: 'cancelled' });
    return endedResult(facts(count + 1), ended);
  }
  if (end.how === 'ended') {
    throw new ResproutError('INTERNAL', `the runner said that session ${start.session} has ended, and its journal says that it has not`);
  }
  const unfinished = end.isComplete ? end.unfinished : [...unfinishedOf(await eventsOf(journal.rows(start.session))), ...end.unfinished];
  options.observer?.on({ type: 'parked', unfinished });
  const why = parkedFor === undefined ? 'signal' : 'timer';
  await noteParking(owned, { parkedMs: realClock.wallMs(), why, dueMs: parkedFor });
  return parkedResult(facts(count), unfinished, parkedFor);
}

/** The one event without a runner. */
function cancelledByOwner(session: string): JournalEvent & { t: 'end' } {
  const error = new ResproutError('SESSION_CANCELLED', `session ${session} was cancelled`);
  return { t: 'end', atMs: realClock.wallMs(), how: 'cancelled', bytes: encodeToBytes(error), dropped: [], note: KILLED_NOTE };
}

/** Lists say why a session is parked; nothing else depends on it, so that a full disk does not spoil a parking. */
async function noteParking({ store, start, options }: OwnedSession, state: ParkedState): Promise<void> {
  try {
    await store.sessions.setParked(start.session, state);
  } catch (thrown) {
    const why = toError(thrown).message;
    options.observer?.on({ type: 'note', text: `that the session is parked could not be noted, lists call it interrupted: ${why}` });
  }
}
