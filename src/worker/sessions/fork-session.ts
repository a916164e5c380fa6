// A session that shares the history of another one up to a point and goes its own way from there. The events are copied: the two have nothing in
// common afterwards, and the other one is only read.
import { ResproutError } from '../../base/errors/errors.ts';
import { JOURNAL_VERSION, RESUMABLE_VERSION, type JournalEvent, type StartEvent } from '../../durable/journal/events/event.ts';
import { isDelivery, isIssue, readHistory, type Standing } from '../../durable/journal/events/history.ts';
import { encodeEvent, joinEvents } from '../../durable/journal/events/row-codec.ts';
import type { JournalRow } from '../../durable/journal/journal-store.ts';
import { realRandom } from '../../platform/random.ts';
import { realClock } from '../../platform/time/clock.ts';
import { encodeToBytes } from '../../wire/values/value-encode.ts';
import { eventsOf, startOf } from '../store/journal-events.ts';
import { noSession } from '../store/list-sessions.ts';
import { newSessionId } from '../../durable/journal/sessions/session-id.ts';
import { openStore } from '../store/store.ts';
import { planFrom } from './rewind/plan-rewind.ts';

export interface ForkOptions {
  /** Folder of the store, absolute. */
  readonly storeFolder: string;
  /** The session whose history is shared. It may be running. */
  readonly sessionId: string;
  /** Number of an event: what the program did and was given before it is shared. With a result it is the call that gets it. */
  readonly at: number;
  /** What the call at `at` gives instead of its own result. Any value that the value codec takes. */
  readonly result?: { readonly value: unknown } | undefined;
  /** Text of the command line, for others that meet the new session while it is made. */
  readonly command?: string | undefined;
}

/** The new session. */
export interface ForkResult {
  readonly sessionId: string;
  /** Events in its journal. */
  readonly events: number;
}

/**
 * Makes a session that shares the history of another up to an event. It runs nothing: `resumeSession` goes on with it.
 * @throws ResproutError SESSION_MISSING, JOURNAL_CORRUPT, JOURNAL_VERSION_OLD; USAGE when there is no such event, or it is no call that a result can
 *   be given to
 */
export async function forkSession({ storeFolder, sessionId, at, result, command = 'a fork' }: ForkOptions): Promise<ForkResult> {
  const store = openStore({ folder: storeFolder, create: false });
  const { sessions } = store;
  if (!(await sessions.has(sessionId))) throw noSession(store, sessionId, 'fork');
  const recorded = await eventsOf(sessions.read(sessionId));
  const start = startOf(recorded, sessionId);
  if (start.version < RESUMABLE_VERSION)
    throw new ResproutError(
      'JOURNAL_VERSION_OLD',
      `the journal of ${sessionId} is of version ${start.version}, ${RESUMABLE_VERSION} is needed`,
      {
        tried: `fork ${sessionId}`,
        kept: 'Nothing was changed',
      },
    );
  const forkId = newSessionId(realClock, realRandom);
  const events = forked(recorded, { ...start, session: forkId, version: JOURNAL_VERSION }, sessionId, at, result);
  const claim = await sessions.claim(forkId, { command });
  try {
    const journal = await sessions.open(forkId);
    try {
      // Its start is a copy, hashes and all.
      if (await sessions.isBrought(sessionId)) await sessions.setBrought(forkId);
      await journal.append(rowsOf(forkId, events));
    } finally {
      await journal.close();
    }
  } finally {
    await claim.release();
  }
  return { sessionId: forkId, events: events.length };
}

/** The events of the fork: what counts of the other's up to the point, then what is its own. */
function forked(
  recorded: readonly JournalEvent[],
  start: StartEvent,
  from: string,
  at: number,
  result: ForkOptions['result'],
): JournalEvent[] {
  const atMs = realClock.wallMs();
  const { standing } = readHistory(recorded);
  const call = result === undefined ? undefined : callAt(standing, at, recorded.length);
  const to = call === undefined ? at : behind(standing, call);
  const { standing: shared, cut } = readHistory(to === undefined ? recorded : [...recorded, planFrom(recorded, to, atMs).event]);
  const given = to === undefined ? shared.filter(({ event }) => isDelivery(event)).length : (cut?.given ?? 0);
  const own: JournalEvent[] = [{ t: 'fork', atMs, from, at, given }];
  if (call !== undefined) own.push({ t: 'given', id: call.id, atMs, bytes: encodeToBytes(asRecorded(call, result?.value)) });
  return [start, ...shared.slice(1).map(({ event }) => event), ...own];
}

type Answered = Extract<JournalEvent, { readonly t: 'call' | 'sync' }>;

/** The call that a result is given to. */
function callAt(standing: readonly Standing[], at: number, count: number): Answered {
  const event = standing.find(({ seq }) => seq === at)?.event;
  if (event?.t === 'call' || event?.t === 'sync') return event;
  throw new ResproutError('USAGE', `event ${at} is no call, so that no result can be given to it`, {
    tried: `give a result to event ${at}`,
    saw: event === undefined ? `${count} events, numbered from 0; this one is not there or void` : `the ${event.t} event`,
    kept: 'Nothing was changed',
    do: 'resprout show SESSION lists the calls with their numbers',
  });
}

/** The first event behind a call and before its result: from there on the fork goes its own way. Undefined when there is none yet. */
function behind(standing: readonly Standing[], call: Answered): number | undefined {
  if (call.t === 'call') {
    const done = standing.find(({ event }) => event.t === 'done' && event.id === call.id);
    const last = standing.at(-1);
    return (done ?? (last?.event.t === 'end' ? last : undefined))?.seq;
  }
  const next = standing.find(({ event }) => isIssue(event) && event.id > call.id);
  if (next !== undefined && isIssue(next.event) && next.event.delivered === call.delivered) return next.seq;
  return standing.filter(({ event }) => isDelivery(event))[call.delivered]?.seq;
}

/** A call on a far context is recorded with what is known of that process beside its value. */
const asRecorded = (call: Answered, value: unknown): unknown => (call.t === 'call' && call.context !== undefined ? { value } : value);

const ROW_BYTES = 1024 * 1024;

function rowsOf(session: string, events: readonly JournalEvent[]): JournalRow[] {
  const rows: JournalRow[] = [];
  let row: Uint8Array[] = [];
  let bytes = 0;
  let firstSeq = 0;
  const close = (): void => {
    if (row.length > 0) rows.push({ session, firstSeq, count: row.length, bytes: joinEvents(row) });
    firstSeq += row.length;
    row = [];
    bytes = 0;
  };
  for (const event of events) {
    const encoded = encodeEvent(event);
    if (bytes + encoded.length > ROW_BYTES) close();
    row.push(encoded);
    bytes += encoded.length;
  }
  close();
  return rows;
}
