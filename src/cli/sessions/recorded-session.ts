// A recorded session as it is read for people: what is known of it as a whole, then its events one after the other. No history is held, but that of
// a session that went back to an earlier event: which of its events count is only known from all of them.
import type { EndEvent, JournalEvent } from '../../durable/journal/events/event.ts';
import { EVENT_KIND } from '../../durable/journal/events/event-record.ts';
import { readHistory } from '../../durable/journal/events/history.ts';
import { decodeEvent, kindAndNumber, splitRowBytes } from '../../durable/journal/events/row-codec.ts';
import { sessionInfo, type SessionInfo, type Store } from '../../worker/index.ts';

/** An event with its number. */
export interface NumberedEvent {
  readonly seq: number;
  readonly event: JournalEvent;
}

export interface RecordedSession {
  readonly info: SessionInfo;
  /** Undefined as long as it has not ended. */
  readonly end: EndEvent | undefined;
  /** How many events are read: more may have come since. */
  readonly events: number;
  /** Numbers of the events that are void. */
  readonly voided: ReadonlySet<number>;
}

const CASTING: ReadonlySet<number> = new Set([EVENT_KIND.rewind, EVENT_KIND.given]);

/** Events of a session from a number on, up to another one. @throws ResproutError SESSION_MISSING, JOURNAL_CORRUPT, STORE_IO */
export async function* numberedEvents(
  { sessions }: Store,
  sessionId: string,
  from: number = 0,
  below: number = Number.POSITIVE_INFINITY,
): AsyncIterable<NumberedEvent> {
  for await (const row of sessions.read(sessionId, from)) {
    let seq = row.firstSeq;
    for (const encoded of splitRowBytes(row.bytes, row.count)) {
      if (seq >= below) return;
      if (seq >= from) yield { seq, event: decodeEvent(encoded) };
      seq++;
    }
  }
}

/** What is known of a session as a whole: all of its journal is read and checked. @throws as numberedEvents */
export async function recordedSession(store: Store, sessionId: string): Promise<RecordedSession> {
  const info = await sessionInfo(store, sessionId);
  let events = 0;
  let isCast = false;
  let last: Uint8Array | undefined;
  for await (const row of store.sessions.read(sessionId)) {
    for (const encoded of splitRowBytes(row.bytes, row.count)) {
      events++;
      last = encoded;
      if (CASTING.has(kindAndNumber(encoded)[0])) isCast = true;
    }
  }
  const ended = last === undefined ? undefined : decodeEvent(last);
  const voided = isCast ? await voidedOf(store, sessionId, events) : new Set<number>();
  return { info, end: ended?.t === 'end' ? ended : undefined, events, voided };
}

async function voidedOf(store: Store, sessionId: string, below: number): Promise<ReadonlySet<number>> {
  const all: JournalEvent[] = [];
  for await (const { event } of numberedEvents(store, sessionId, 0, below)) all.push(event);
  return readHistory(all).voided;
}
