import { createHash, hash } from 'node:crypto';
import type { JournalRow } from '../journal/journal-store.ts';

/** Bytes of a chained checksum: SHA-256 cut to 16 bytes. */
export const CHAIN_BYTES = 16;

/** What the first row of a session is chained to. */
export const FIRST_LINK: Uint8Array = new Uint8Array(CHAIN_BYTES);

const HEAD_BYTES = 12;
const utf8 = new TextEncoder();
/** Up to here the input is put together, since one call for all costs less than the copy. */
const small = new Uint8Array(4096);

/** Checksum of a row: over the one before it, its session, place, count and bytes. */
export function chainLink(previous: Uint8Array, row: JournalRow): Uint8Array {
  const session = utf8.encode(row.session);
  const headBytes = CHAIN_BYTES + HEAD_BYTES + session.length;
  const isSmall = headBytes + row.bytes.length <= small.length;
  const head = isSmall ? small : new Uint8Array(headBytes);
  head.set(previous, 0);
  const view = new DataView(head.buffer, CHAIN_BYTES, HEAD_BYTES);
  view.setUint32(0, session.length);
  view.setUint32(4, row.firstSeq);
  view.setUint32(8, row.count);
  head.set(session, CHAIN_BYTES + HEAD_BYTES);
  return new Uint8Array((isSmall ? digestOf(row.bytes, headBytes) : longDigest(head, row.bytes)).subarray(0, CHAIN_BYTES));
}

function digestOf(bytes: Uint8Array, headBytes: number): Uint8Array {
  small.set(bytes, headBytes);
  return hash('sha256', small.subarray(0, headBytes + bytes.length), 'buffer');
}

const longDigest = (head: Uint8Array, bytes: Uint8Array): Uint8Array => createHash('sha256').update(head).update(bytes).digest();

/** The checksums of rows that are read one after the other, as text: it is made without an object a row. */
export class ChainWalk {
  /** The input of the next checksum: the one before, the head of a row, the session, and room for small rows. */
  readonly #input: Buffer;
  readonly #headBytes: number;

  /** @param session of all rows @param from the checksum before the first of them */
  constructor(session: string, from: Uint8Array) {
    const name = Buffer.from(session);
    this.#headBytes = CHAIN_BYTES + HEAD_BYTES + name.length;
    this.#input = Buffer.alloc(this.#headBytes + small.length);
    this.#input.set(from, 0);
    this.#input.writeUInt32BE(name.length, CHAIN_BYTES);
    this.#input.set(name, CHAIN_BYTES + HEAD_BYTES);
  }

  /** Checksum of the next row, in hexadecimal digits; what comes next is chained to it. */
  next(firstSeq: number, count: number, bytes: Uint8Array): string {
    const input = this.#input;
    input.writeUInt32BE(firstSeq, CHAIN_BYTES + 4);
    input.writeUInt32BE(count, CHAIN_BYTES + 8);
    const chain = this.#digest(bytes).slice(0, 2 * CHAIN_BYTES);
    input.write(chain, 0, 'hex');
    return chain;
  }

  #digest(bytes: Uint8Array): string {
    const end = this.#headBytes + bytes.length;
    if (end > this.#input.length) return createHash('sha256').update(this.#input.subarray(0, this.#headBytes)).update(bytes).digest('hex');
    this.#input.set(bytes, this.#headBytes);
    return hash('sha256', this.#input.subarray(0, end), 'hex');
  }
}

/** Whether two checksums are the same. */
export function isSameLink(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
