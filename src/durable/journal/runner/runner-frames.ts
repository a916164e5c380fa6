// Frames of the journal channels between an owner and its runner (HANDLE 140 to 209), both directions, as bytes and back. Every payload of
// APPEND, COMMITTED, DURABLE and HISTORY begins with u32 n (frame number, from 1) and u32 flags; rows follow raw.
// Everything here is parsed from a peer: a wrong count, length or text is WIRE_BAD_FRAME and ends the channel.
import { ResproutError } from '../../../base/errors/errors.ts';
import { encodeFrame, encodeFrameHeader, FRAME_HEADER_BYTES } from '../../../wire/frames/frame.ts';
import { LIMITS } from '../../../wire/limits.ts';
import type { JournalRow } from '../journal-store.ts';

/** Flag of an APPEND whose answer is awaited on the channel it came by. */
export const BARRIER_FLAG = 1;
/** Flag of an APPEND before which the program printed something. */
export const SHOWN_FLAG = 2;

/** Length of `n` and `flags`. */
const COUNTERS_BYTES = 8;
const ROW_HEAD_BYTES = 13;

/** One APPEND or HISTORY. */
export interface RowFrame {
  readonly n: number;
  readonly flags: number;
  readonly rows: readonly JournalRow[];
}

const ascii = new TextEncoder();
const text = new TextDecoder('utf-8', { fatal: true });

function bad(why: string): ResproutError {
  return new ResproutError('WIRE_BAD_FRAME', `a frame of the journal channel is wrong: ${why}`, { saw: why });
}

/** A whole frame that carries a value or nothing. */
export function valueFrame(handle: number, payload: Uint8Array = new Uint8Array(0), replyTo = 0): Uint8Array<ArrayBuffer> {
  return encodeFrame({ dst: 0, src: 0, auth: 0, handle, replyTo, payload });
}

/** A whole frame of counters alone: COMMITTED, DURABLE. */
export function counterFrame(handle: number, n: number, flags = 0): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(FRAME_HEADER_BYTES + COUNTERS_BYTES);
  bytes.set(encodeFrameHeader({ dst: 0, src: 0, auth: 0, handle, replyTo: 0 }, COUNTERS_BYTES));
  const view = new DataView(bytes.buffer);
  view.setUint32(FRAME_HEADER_BYTES, n);
  view.setUint32(FRAME_HEADER_BYTES + 4, flags);
  return bytes;
}

/** `n` and `flags` of a payload. @throws ResproutError WIRE_BAD_FRAME */
export function readCounters(payload: Uint8Array): { readonly n: number; readonly flags: number } {
  if (payload.length < COUNTERS_BYTES) throw bad(`${payload.length} bytes where ${COUNTERS_BYTES} must be`);
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  return { n: view.getUint32(0), flags: view.getUint32(4) };
}

/** A row that is not in one piece yet. */
export interface RowParts extends Omit<JournalRow, 'bytes'> {
  readonly pieces: readonly Uint8Array[];
  readonly byteLength: number;
}

/** A whole frame of rows. */
export function rowFrame(handle: number, { n, flags, rows }: RowFrame): Uint8Array<ArrayBuffer> {
  return partsFrame(
    handle,
    n,
    flags,
    rows.map((row) => ({ ...row, pieces: [row.bytes], byteLength: row.bytes.length })),
  );
}

/** A whole frame of rows in pieces, each of which is copied once. */
export function partsFrame(handle: number, n: number, flags: number, rows: readonly RowParts[]): Uint8Array<ArrayBuffer> {
  const ids = rows.map((row) => ascii.encode(row.session));
  let length = COUNTERS_BYTES;
  for (const [i, row] of rows.entries()) length += ROW_HEAD_BYTES + (ids[i]?.length ?? 0) + row.byteLength;
  const bytes = new Uint8Array(FRAME_HEADER_BYTES + length);
  bytes.set(encodeFrameHeader({ dst: 0, src: 0, auth: 0, handle, replyTo: 0 }, length));
  const view = new DataView(bytes.buffer);
  view.setUint32(FRAME_HEADER_BYTES, n);
  view.setUint32(FRAME_HEADER_BYTES + 4, flags);
  let at = FRAME_HEADER_BYTES + COUNTERS_BYTES;
  for (const [i, row] of rows.entries()) {
    const id = ids[i] ?? new Uint8Array(0);
    view.setUint8(at, id.length);
    bytes.set(id, at + 1);
    at += 1 + id.length;
    view.setUint32(at, row.firstSeq);
    view.setUint32(at + 4, row.count);
    view.setUint32(at + 8, row.byteLength);
    at += 12;
    for (const piece of row.pieces) {
      bytes.set(piece, at);
      at += piece.length;
    }
  }
  return bytes;
}

/** The rows of a payload; their bytes are views of it. @throws ResproutError WIRE_BAD_FRAME */
export function readRows(payload: Uint8Array): RowFrame {
  const { n, flags } = readCounters(payload);
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  const rows: JournalRow[] = [];
  let at = COUNTERS_BYTES;
  while (at < payload.length) {
    const idLength = view.getUint8(at);
    if (payload.length - at < ROW_HEAD_BYTES + idLength) throw bad('a row ends in its head');
    let session: string;
    try {
      session = text.decode(payload.subarray(at + 1, at + 1 + idLength));
    } catch (cause) {
      throw new ResproutError('WIRE_BAD_FRAME', 'a frame of the journal channel is wrong: a session id is not text', {}, { cause });
    }
    at += 1 + idLength;
    const firstSeq = view.getUint32(at);
    const count = view.getUint32(at + 4);
    const length = view.getUint32(at + 8);
    at += 12;
    if (length > payload.length - at) throw bad(`a row of ${length} bytes where ${payload.length - at} are left`);
    if (count === 0 || count > length) throw bad(`a row of ${length} bytes says that it holds ${count} events`);
    if (count > LIMITS.valueNodes) throw bad(`a row of ${count} events`);
    rows.push({ session, firstSeq, count, bytes: payload.subarray(at, at + length) });
    at += length;
  }
  return { n, flags, rows };
}
