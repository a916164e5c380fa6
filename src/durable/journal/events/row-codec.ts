// Rows as they are stored: the events one after the other, each as u32 big endian length and the bytes of its record.
import { ResproutError } from '../../../base/errors/errors.ts';
import { LIMITS, decodeValue, encodeValue, type EncodedValue } from '../../../wire/index.ts';
import { firstNumbers } from '../../../wire/values/first-numbers.ts';
import { eventRecord } from './event-record.ts';
import type { JournalEvent } from './event.ts';
import { parseEvent } from './parse-event.ts';
import { corrupt } from './record-fields.ts';
import type { JournalRow } from '../journal-store.ts';

const LENGTH_BYTES = 4;
const SHARED = { shareBytes: true } as const;

/**
 * One event as it stands in a row, its length first, in pieces: rows are made by joining these. Large values of the event are among them by
 * reference. @throws ResproutError JOURNAL_VALUE_TOO_LARGE
 */
export function encodeEventPieces(event: JournalEvent): EncodedValue {
  const encoded = encodeValue(eventRecord(event), {}, LENGTH_BYTES);
  const length = encoded.byteLength - LENGTH_BYTES;
  if (length > LIMITS.eventBytes)
    throw new ResproutError(
      'JOURNAL_VALUE_TOO_LARGE',
      `a ${event.t} event of ${length} bytes cannot be recorded, the limit is ${LIMITS.eventBytes}`,
      {
        tried: `record a ${event.t} event`,
        saw: `${length} bytes, ${LIMITS.eventBytes} are allowed`,
      },
    );
  const [first] = encoded.chunks;
  if (first !== undefined) for (let place = 0; place < LENGTH_BYTES; place++) first[place] = length >>> (8 * (LENGTH_BYTES - 1 - place));
  return encoded;
}

/** The same in one buffer. @throws as encodeEventPieces */
export function encodeEvent(event: JournalEvent): Uint8Array<ArrayBuffer> {
  return joinEvents(encodeEventPieces(event).chunks);
}

/** The bytes of a row of these events. @throws as encodeEvent */
export function encodeRowBytes(events: readonly JournalEvent[]): Uint8Array<ArrayBuffer> {
  return joinEvents(events.map(encodeEvent));
}

/** Encoded events as the bytes of one row. */
export function joinEvents(encoded: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(encoded.reduce((total, event) => total + event.length, 0));
  let at = 0;
  for (const event of encoded) {
    bytes.set(event, at);
    at += event.length;
  }
  return bytes;
}

/** The encoded events of a row, unparsed, each with its length. The bytes are hostile. @throws ResproutError JOURNAL_CORRUPT */
export function splitRowBytes(bytes: Uint8Array, count: number): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const events: Uint8Array[] = [];
  let at = 0;
  while (at < bytes.length && events.length < count) {
    if (bytes.length - at < LENGTH_BYTES) throw corrupt(`a row ends inside the length of event ${events.length}`);
    const end = at + LENGTH_BYTES + view.getUint32(at);
    if (end > bytes.length) throw corrupt(`a row ends inside event ${events.length}`);
    events.push(bytes.subarray(at, end));
    at = end;
  }
  if (events.length !== count) throw corrupt(`a row holds ${events.length} events instead of ${count}`);
  if (at !== bytes.length) throw corrupt(`a row holds ${bytes.length - at} bytes after its ${count} events`);
  return events;
}

/** The bytes of the record of an encoded event. */
export function recordOf(encoded: Uint8Array): Uint8Array {
  return encoded.subarray(LENGTH_BYTES);
}

/** The event of one encoded event. The bytes are hostile, and may not change afterwards: large values of the event are views of them. @throws ResproutError JOURNAL_CORRUPT */
export function decodeEvent(encoded: Uint8Array): JournalEvent {
  let record: unknown;
  try {
    record = decodeValue(recordOf(encoded), SHARED);
  } catch (cause) {
    throw corrupt('an event is not a value of the codec', cause);
  }
  return parseEvent(record);
}

/** The events of a row. The bytes are hostile. @throws ResproutError JOURNAL_CORRUPT */
export function decodeRowBytes(bytes: Uint8Array, count: number): JournalEvent[] {
  return splitRowBytes(bytes, count).map(decodeEvent);
}

/** All events of rows at hand, in order. @throws ResproutError JOURNAL_CORRUPT */
export function eventsOfRows(rows: Iterable<Pick<JournalRow, 'bytes' | 'count'>>): JournalEvent[] {
  const events: JournalEvent[] = [];
  for (const { bytes, count } of rows) for (const event of decodeRowBytes(bytes, count)) events.push(event);
  return events;
}

/** Kind and number of an encoded event, the number -1 for one that has none: enough to know whether it has to be decoded. */
export function kindAndNumber(encoded: Uint8Array): readonly [kind: number, number: number] {
  const [kind = -1, number = -1] = firstNumbers(recordOf(encoded), 2);
  return [kind, number];
}
