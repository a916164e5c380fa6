// Rows and events that the suites write.
import { encodeRowBytes } from '../../durable/journal/events/row-codec.ts';
import { JOURNAL_VERSION, type EndEvent, type JournalEvent, type StartEvent } from '../../durable/journal/events/event.ts';
import type { JournalRow } from '../../durable/journal/journal-store.ts';
import { encodeRecorded } from '../../durable/journal/values/recorded-value.ts';
import { nodeKinds } from '../../platform/values/node-kinds.ts';

/** A whole session id that ends with some characters and sorts by them. */
export function idOf(end: string): string {
  return `ses_${end.padStart(26, '0')}`;
}

/** The row of some events, the first of which has this number. */
export function rowOf(session: string, firstSeq: number, events: readonly JournalEvent[]): JournalRow {
  return { session, firstSeq, count: events.length, bytes: encodeRowBytes(events) };
}

/** Row number `seq` of a session: one event whose content tells its number. */
export function numberedRow(session: string, seq: number): JournalRow {
  return rowOf(session, seq, [{ t: 'signal', name: `row ${String(seq)}`, value: new Uint8Array(20).fill(seq & 255), atMs: seq }]);
}

/** The start of a session. */
export function startOf(session: string, atMs: number): StartEvent {
  return {
    t: 'start',
    version: JOURNAL_VERSION,
    atMs,
    session,
    seed: new Uint8Array(32),
    build: 'b-one',
    file: '/project/program.ts',
    exportName: 'main',
    folder: '/project',
    argv: [],
    data: encodeRecorded(null, { kinds: nodeKinds }).bytes,
    envHashes: {},
  };
}

/** The end of a session. */
export function endOf(how: EndEvent['how'], atMs: number): EndEvent {
  const value = how === 'done' ? 'a value' : new TypeError('first line\nsecond line');
  return { t: 'end', atMs, how, bytes: encodeRecorded(value, { kinds: nodeKinds }).bytes, dropped: [] };
}
