// Values at rest. A row of the journal, or a text that is kept beside it, is AES-256-GCM under a key of its session. Invariants:
//   V1. What is sealed says so in its first bytes, which no plain row can have: it is known without a key, and sealed and plain sessions lie side by side.
//   V2. A seal opens at its own place only: what it is over names the store, the session, the kind, and for a row its first number and count. A row that
//       was changed, moved, swapped with another one or put into another session does not open.
//   V3. A session is sealed from its first row to its last, or not at all: a plain row among sealed ones is damage.
//   V4. A wrong key is told from damage: each seal has a check of its key in front.
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { JournalRow } from '../../journal/journal-store.ts';
import { toError } from '../../../base/errors/errors.ts';
import { damaged } from '../journal-errors.ts';
import { otherStore, wrongKey } from './seal-errors.ts';

/** Bytes of a key. */
export const KEY_BYTES = 32;
/** Bytes of the name of a store. */
export const STORE_ID_BYTES = 8;

/** A plain row begins with the length of its first event, which is never that large. */
const MAGIC = Uint8Array.of(0xf0, 0x53, 0x4c, 0x01);
const CHECK_BYTES = 8;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const STORE_AT = MAGIC.length;
const CHECK_AT = STORE_AT + STORE_ID_BYTES;
const NONCE_AT = CHECK_AT + CHECK_BYTES;
const TEXT_AT = NONCE_AT + NONCE_BYTES;
/** So many bytes a seal adds. */
export const SEAL_BYTES: number = TEXT_AT + TAG_BYTES;
/** Begins a text that is sealed. */
const TEXT_MARK = 'sealed:';

const utf8 = new TextEncoder();

/** What is sealed beside rows: lines of output, prints of secrets, what the index keeps. */
export type SealedKind = 'output' | 'prints' | 'kept';

/** Whether the bytes of a row are sealed. */
export function isSealed(bytes: Uint8Array): boolean {
  return bytes.length >= SEAL_BYTES && MAGIC.every((byte, i) => bytes[i] === byte);
}

/** Whether a text is sealed. */
export function isSealedText(text: string): boolean {
  return text.startsWith(TEXT_MARK);
}

/** The key of a store at work. Names of sessions become keys of their own. */
export class StoreSeal {
  readonly #master: Uint8Array;
  readonly #storeId: Uint8Array;
  readonly #check: Uint8Array;
  #last: SessionSeal | undefined;

  /** @param master 32 bytes. @param storeId 8 bytes that name the store */
  constructor(master: Uint8Array, storeId: Uint8Array) {
    this.#master = master;
    this.#storeId = storeId;
    this.#check = this.#derive('check').subarray(0, CHECK_BYTES);
  }

  session(id: string): SessionSeal {
    if (this.#last?.id === id) return this.#last;
    return (this.#last = new SessionSeal(id, { key: this.#derive(`session ${id}`), storeId: this.#storeId, check: this.#check }));
  }

  #derive(what: string): Uint8Array {
    return new Uint8Array(hkdfSync('sha256', this.#master, this.#storeId, `resprout seal 1 ${what}`, KEY_BYTES));
  }
}

/** Seals and opens what one session keeps. */
export class SessionSeal {
  readonly id: string;
  readonly #key: Uint8Array;
  readonly #head: Uint8Array;
  readonly #storeId: Uint8Array;
  readonly #check: Uint8Array;

  constructor(id: string, { key, storeId, check }: { readonly key: Uint8Array; readonly storeId: Uint8Array; readonly check: Uint8Array }) {
    this.id = id;
    this.#key = key;
    this.#storeId = storeId;
    this.#check = check;
    this.#head = new Uint8Array(TEXT_AT);
    this.#head.set(MAGIC);
    this.#head.set(storeId, STORE_AT);
    this.#head.set(check, CHECK_AT);
  }

  seal(row: JournalRow): JournalRow {
    return { session: row.session, firstSeq: row.firstSeq, count: row.count, bytes: this.#closed(row.bytes, placeOf(row)) };
  }

  /** @throws ResproutError SEAL_KEY_WRONG, JOURNAL_CORRUPT for a row that is not what was sealed at its place */
  open(row: JournalRow): JournalRow {
    if (!isSealed(row.bytes)) throw damaged(row.session, row.firstSeq, 'a row that is not sealed in a session that is');
    const bytes = this.#opened(row.bytes, placeOf(row), (saw) => damaged(row.session, row.firstSeq, saw));
    return { session: row.session, firstSeq: row.firstSeq, count: row.count, bytes };
  }

  sealText(kind: SealedKind, text: string): string {
    return TEXT_MARK + Buffer.from(this.#closed(utf8.encode(text), `${kind} ${this.id}`)).toString('base64');
  }

  /** The text, also of one that is not sealed; undefined for one that does not open. @throws ResproutError SEAL_KEY_WRONG */
  openText(kind: SealedKind, text: string): string | undefined {
    if (!isSealedText(text)) return text;
    const bytes = Buffer.from(text.slice(TEXT_MARK.length), 'base64');
    if (!isSealed(bytes)) return undefined;
    try {
      return Buffer.from(this.#opened(bytes, `${kind} ${this.id}`, (saw) => new Error(saw))).toString();
    } catch (error) {
      if (toError(error).message === NOT_OPENED) return undefined;
      throw error;
    }
  }

  /** Proves that whoever wrote a number of events had the key. */
  headProof(events: number): string {
    return createHmac('sha256', this.#key).update(`head ${this.id} ${events}`).digest('hex');
  }

  #closed(bytes: Uint8Array, place: string): Uint8Array<ArrayBuffer> {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce);
    cipher.setAAD(this.#over(place));
    const sealed = new Uint8Array(SEAL_BYTES + bytes.length);
    sealed.set(this.#head);
    sealed.set(nonce, NONCE_AT);
    sealed.set(cipher.update(bytes), TEXT_AT);
    cipher.final();
    sealed.set(cipher.getAuthTag(), TEXT_AT + bytes.length);
    return sealed;
  }

  #opened(sealed: Uint8Array, place: string, broken: (saw: string) => Error): Uint8Array {
    if (!isSame(sealed.subarray(STORE_AT, CHECK_AT), this.#storeId)) throw otherStore(this.id);
    if (!isSame(sealed.subarray(CHECK_AT, NONCE_AT), this.#check)) throw wrongKey(this.id);
    const end = sealed.length - TAG_BYTES;
    const decipher = createDecipheriv('aes-256-gcm', this.#key, sealed.subarray(NONCE_AT, TEXT_AT), { authTagLength: TAG_BYTES });
    decipher.setAAD(this.#over(place));
    decipher.setAuthTag(sealed.subarray(end));
    const bytes = decipher.update(sealed.subarray(TEXT_AT, end));
    try {
      decipher.final();
    } catch {
      throw broken(NOT_OPENED);
    }
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  #over(place: string): Uint8Array {
    return utf8.encode(`${Buffer.from(MAGIC).toString('hex')} ${Buffer.from(this.#storeId).toString('hex')} ${place}`);
  }
}

const NOT_OPENED = 'its seal does not open: it was changed, or moved from another place';

const placeOf = ({ session, firstSeq, count }: JournalRow): string => `row ${session} ${firstSeq} ${count}`;

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, i) => byte === other[i]);
}
