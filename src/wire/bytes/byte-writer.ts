// A growing buffer with pieces by reference. Owns: one buffer, lent from the module while a value is written.
import { LARGE_BYTES, SHORT_STRING, TAG } from '../tags/value-tags.ts';

const FIRST_BUFFER_BYTES = 65_536;
const KEPT_BUFFER_BYTES = 1_048_576;
/** Longest string whose bytes are written in place; longer ones become a piece of their own. */
const INLINE_STRING_CHARS = 5461;
const utf8 = new TextEncoder();
let spare: { readonly bytes: Uint8Array<ArrayBuffer>; readonly view: DataView } | undefined;

/** A written value: pieces to be sent one after the other. Large buffers of the value are among them by reference. */
export interface EncodedValue {
  readonly chunks: readonly Uint8Array[];
  readonly byteLength: number;
}

/** A value that was written already, to stand in another one as its bytes: large buffers are copied once, by whoever needs the whole. */
export class Written {
  readonly value: EncodedValue;

  constructor(value: EncodedValue) {
    this.value = value;
  }
}

/** A place to go back to. */
export interface WriterMark {
  readonly at: number;
  readonly pieces: number;
  readonly pieceBytes: number;
}

/** Writes bytes. `tag`, `varint` and `double` need room that was taken before with `room`. */
export class ByteWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #view: DataView;
  #at = 0;
  readonly #pieces: { readonly at: number; readonly bytes: Uint8Array }[] = [];
  #pieceBytes = 0;

  constructor() {
    this.#bytes = spare?.bytes ?? new Uint8Array(FIRST_BUFFER_BYTES);
    this.#view = spare?.view ?? new DataView(this.#bytes.buffer);
    spare = undefined;
  }

  get byteLength(): number {
    return this.#at + this.#pieceBytes;
  }

  room(count: number): void {
    const needed = this.#at + count;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, needed));
    grown.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }

  tag(tag: number): void {
    this.#bytes[this.#at++] = tag;
  }

  varint(value: number): void {
    let rest = value;
    while (rest > 127) {
      this.#bytes[this.#at++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    this.#bytes[this.#at++] = rest;
  }

  double(value: number): void {
    this.#view.setFloat64(this.#at, value);
    this.#at += 8;
  }

  /** Leaves one byte out, to be set later with `patch`. */
  hole(): number {
    this.room(1);
    return this.#at++;
  }

  patch(at: number, byte: number): void {
    this.#bytes[at] = byte;
  }

  /** Bytes of any length: by reference when they are large. */
  piece(bytes: Uint8Array): void {
    if (bytes.length >= LARGE_BYTES) {
      this.#pieces.push({ at: this.#at, bytes });
      this.#pieceBytes += bytes.length;
      return;
    }
    this.room(bytes.length);
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  string(text: string): void {
    const { length } = text;
    this.room(length < INLINE_STRING_CHARS ? length * 3 + 6 : 16);
    if (length < 128 && this.#ascii(text)) return;
    if (!text.isWellFormed()) return this.#utf16(text);
    this.tag(TAG.STRING);
    if (length >= INLINE_STRING_CHARS) {
      const encoded = utf8.encode(text);
      this.varint(encoded.length);
      return this.piece(encoded);
    }
    // The text is written behind the place of its length, and moved when the length takes more or less than was left for it.
    const guess = this.#at + (length < 128 ? 1 : 2);
    const { written } = utf8.encodeInto(text, this.#bytes.subarray(guess));
    const start = this.#at + (written < 128 ? 1 : written < 16_384 ? 2 : 3);
    if (start !== guess) this.#bytes.copyWithin(start, guess, guess + written);
    this.varint(written);
    this.#at += written;
  }

  #ascii(text: string): boolean {
    const bytes = this.#bytes;
    let at = this.#at;
    bytes[at++] = SHORT_STRING + text.length;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code > 127) return false;
      bytes[at++] = code;
    }
    this.#at = at;
    return true;
  }

  #utf16(text: string): void {
    const units = new Uint8Array(text.length * 2);
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      units[index * 2] = code;
      units[index * 2 + 1] = code >> 8;
    }
    this.tag(TAG.STRING_16);
    this.varint(units.length);
    this.piece(units);
  }

  mark(): WriterMark {
    return { at: this.#at, pieces: this.#pieces.length, pieceBytes: this.#pieceBytes };
  }

  goBack(mark: WriterMark): void {
    this.#at = mark.at;
    this.#pieces.length = mark.pieces;
    this.#pieceBytes = mark.pieceBytes;
  }

  /** What was written, in pieces of its own. @param roomBytes left free at the beginning of the first one */
  chunks(roomBytes: number): Uint8Array[] {
    const chunks: Uint8Array[] = [];
    let from = 0;
    let room = roomBytes;
    const own = (to: number): void => {
      if (to + room > from) chunks.push(this.#part(from, to, room));
      room = 0;
    };
    for (const piece of this.#pieces) {
      own(piece.at);
      chunks.push(piece.bytes);
      from = piece.at;
    }
    own(this.#at);
    return chunks;
  }

  #part(from: number, to: number, room: number): Uint8Array {
    if (room === 0) return this.#bytes.slice(from, to);
    const part = new Uint8Array(room + to - from);
    part.set(this.#bytes.subarray(from, to), room);
    return part;
  }

  /** What was written, in one buffer of its own. */
  whole(): Uint8Array<ArrayBuffer> {
    if (this.#pieces.length === 0) return this.#bytes.slice(0, this.#at);
    const whole = new Uint8Array(this.byteLength);
    let at = 0;
    let from = 0;
    for (const piece of this.#pieces) {
      whole.set(this.#bytes.subarray(from, piece.at), at);
      at += piece.at - from;
      whole.set(piece.bytes, at);
      at += piece.bytes.length;
      from = piece.at;
    }
    whole.set(this.#bytes.subarray(from, this.#at), at);
    return whole;
  }

  /** What was written, to be part of another value at once. */
  part(): Uint8Array | Written {
    return this.#pieces.length === 0 ? this.whole() : new Written({ chunks: this.chunks(0), byteLength: this.byteLength });
  }

  /** Gives the buffer back for the next value. The writer is not used afterwards. */
  release(): void {
    if (this.#bytes.length <= KEPT_BUFFER_BYTES) spare = { bytes: this.#bytes, view: this.#view };
  }
}
