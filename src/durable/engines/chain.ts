import { hash } from 'node:crypto';
import type { JournalRow } from '../journal/journal-store.ts';

/** Bytes of a chained checksum: SHA-256 cut to 16 bytes. */
export const CHAIN_BYTES = 16;

/** What the first row of a session is chained to. */
export const FIRST_LINK: Uint8Array = new Uint8Array(CHAIN_BYTES);

const HEAD_BYTES = 12;
const utf8 = new TextEncoder();

/** Checksum of a row: over the one before it, its session, place, count and bytes. */
export function chainLink(previous: Uint8Array, row: JournalRow): Uint8Array {
  const session = utf8.encode(row.session);
  const input = new Uint8Array(CHAIN_BYTES + HEAD_BYTES + session.length + row.bytes.length);
  input.set(previous, 0);
  const view = new DataView(input.buffer, CHAIN_BYTES, HEAD_BYTES);
  view.setUint32(0, session.length);
  view.setUint32(4, row.firstSeq);
  view.setUint32(8, row.count);
  input.set(session, CHAIN_BYTES + HEAD_BYTES);
  input.set(row.bytes, CHAIN_BYTES + HEAD_BYTES + session.length);
  return new Uint8Array(hash('sha256', input, 'buffer').subarray(0, CHAIN_BYTES));
}

/** Whether two checksums are the same. */
export function isSameLink(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
