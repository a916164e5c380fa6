// The reader behind decodeValue. The bytes are hostile.
//   D1. Nothing is allocated for a count before as many bytes are known to follow; every count is checked against the bytes that remain.
//   D2. At most `nodes` values and `depth` levels; every loop consumes a byte a turn.
//   D3. Names are data: no setter, prototype or getter of the program is reached through them.
//       Elements and the length of an array come from its elements alone.
//   D4. Whatever is wrong is WIRE_BAD_VALUE or WIRE_LIMIT, with the byte at which it was seen.
//   D5. Time is bounded by the number of bytes and values, also where keys were made to collide.
import { ResproutError } from '../../../base/errors/errors.ts';
import { isIndex } from '../array-index.ts';
import { KeyPace } from './key-pace.ts';
import { setField } from './set-field.ts';
import { reviveBytes } from '../../tags/bytes-kinds.ts';
import { reviveError } from './revive-error.ts';
import { LIMITS } from '../../limits.ts';
import { readKey, readAscii } from '../../bytes/short-strings.ts';
import { PropertyHook, type ValueExtension } from '../value-extension.ts';
import { dateOf } from '../value-kinds.ts';
import type { DecodeOptions } from '../value-options.ts';
import { ERROR_HAS_CAUSE, ERROR_HAS_ERRORS, HEAVY_PARTS, SHORT_STRING, SMALL_INT, TAG } from '../../tags/value-tags.ts';

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
/** Stands in the table for an object that has begun and does not exist yet. */
const PENDING: unique symbol = Symbol('pending');
/** Characters of a name in a message. */
const MOST_SHOWN = 40;
/** Characters that one call makes a text of: arguments stand on the stack. */
const UNITS_A_CALL = 4096;

/** Reads one value, once. */
export class ValueDecoder {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #options: DecodeOptions;
  readonly #extensions: readonly ValueExtension[];
  readonly #depthLimit: number;
  #nodesLeft: number;
  #at = 0;
  #depth = 0;
  readonly #table: unknown[] = [];
  #pace: KeyPace | undefined;

  constructor(bytes: Uint8Array, options: DecodeOptions) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#options = options;
    this.#extensions = options.extensions ?? [];
    this.#depthLimit = options.limits?.depth ?? LIMITS.valueDepth;
    this.#nodesLeft = options.limits?.nodes ?? LIMITS.valueNodes;
  }

  decode(): unknown {
    const limit = this.#options.limits?.bytes ?? LIMITS.framePayloadBytes;
    if (this.#bytes.length > limit) this.#limit(`${this.#bytes.length} bytes, the limit is ${limit}`);
    const value = this.#whole();
    if (this.#at !== this.#bytes.length) this.#bad(`${this.#bytes.length - this.#at} bytes after the value`);
    return value;
  }

  /** What the language or an extension refuses is as wrong as what is refused here. */
  #whole(): unknown {
    try {
      return this.#value();
    } catch (error) {
      if (error instanceof ResproutError) throw error;
      return this.#bad('something that is no value', error);
    }
  }

  #bad(saw: string, cause?: unknown): never {
    throw unreadable('WIRE_BAD_VALUE', `${saw} at byte ${this.#at}`, cause);
  }

  #limit(saw: string): never {
    throw unreadable('WIRE_LIMIT', saw);
  }

  #byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) this.#bad('the end');
    this.#at++;
    return byte;
  }

  #varint(): number {
    let value = 0;
    for (let factor = 1; factor <= 0x10000000; factor *= 128) {
      const byte = this.#byte();
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
    return this.#bad('a number that does not end');
  }

  /** A count of things of at least `size` bytes each. */
  #count(size: number): number {
    const count = this.#varint();
    if (count * size > this.#bytes.length - this.#at) this.#bad(`a count of ${count}`);
    if (count > this.#nodesLeft && size > 0) this.#limit(`more than ${this.#nodesLeft} further parts`);
    return count;
  }

  #slice(): Uint8Array {
    const length = this.#varint();
    if (length > this.#bytes.length - this.#at) this.#bad(`a length of ${length} bytes`);
    const from = this.#at;
    this.#at += length;
    return this.#bytes.subarray(from, this.#at);
  }

  #double(): number {
    if (this.#bytes.length - this.#at < 8) this.#bad('the end inside a number');
    const value = this.#view.getFloat64(this.#at);
    this.#at += 8;
    return value;
  }

  #value(): unknown {
    if (--this.#nodesLeft < 0) this.#limit('too many parts');
    const tag = this.#byte();
    if (tag >= SHORT_STRING) return this.#short(tag - SHORT_STRING, false);
    if (tag >= SMALL_INT) return tag - SMALL_INT;
    switch (tag) {
      case TAG.UNDEFINED:
        return undefined;
      case TAG.NULL:
        return null;
      case TAG.TRUE:
        return true;
      case TAG.FALSE:
        return false;
      case TAG.INT:
        return this.#varint();
      case TAG.NEGATIVE:
        return -1 - this.#varint();
      case TAG.DOUBLE:
        return this.#double();
      case TAG.BIGINT:
        return this.#bigint();
      case TAG.STRING:
      case TAG.STRING_16:
        return this.#long(tag);
      case TAG.REF:
        return this.#ref();
      default:
        return this.#object(tag);
    }
  }

  #short(length: number, isKey: boolean): string {
    if (length > this.#bytes.length - this.#at) this.#bad(`a text of ${length} bytes`);
    const text = isKey ? readKey(this.#bytes, this.#at, length) : readAscii(this.#bytes, this.#at, length);
    if (text === undefined) this.#bad('a byte that is not ASCII');
    this.#at += length;
    return text;
  }

  #long(tag: number): string {
    const bytes = this.#slice();
    if (bytes.length > LIMITS.stringBytes) this.#limit(`a text of ${bytes.length} bytes`);
    if (tag === TAG.STRING_16) {
      if (bytes.length % 2 !== 0) this.#bad('half a character');
      return decodeUtf16(bytes);
    }
    try {
      return strict.decode(bytes);
    } catch (cause) {
      return this.#bad('a text that is not UTF-8', cause);
    }
  }

  #string(isKey: boolean): string {
    const tag = this.#byte();
    if (tag >= SHORT_STRING) return this.#short(tag - SHORT_STRING, isKey);
    if (tag === TAG.STRING || tag === TAG.STRING_16) return this.#long(tag);
    return this.#bad(`tag ${tag} instead of a text`);
  }

  #bigint(): bigint {
    const digits = this.#string(false);
    if (digits.length > LIMITS.bigintDigits + 1 || !/^-?[0-9a-f]+$/.test(digits)) this.#bad('a bigint that is none');
    return digits.startsWith('-') ? -BigInt(`0x${digits.slice(1)}`) : BigInt(`0x${digits}`);
  }

  #ref(): unknown {
    const id = this.#varint();
    if (id >= this.#table.length) this.#bad(`a reference to object ${id} of ${this.#table.length}`);
    const value = this.#table[id];
    if (value === PENDING) this.#bad(`a reference to object ${id}, which is not complete`);
    return value;
  }

  #begin<T>(value: T): T {
    this.#table.push(value);
    return value;
  }

  #object(tag: number): unknown {
    if (++this.#depth > this.#depthLimit) this.#limit(`more than ${this.#depthLimit} levels`);
    const value = this.#container(tag);
    this.#depth--;
    return value;
  }

  #container(tag: number): unknown {
    switch (tag) {
      case TAG.OBJECT:
        return this.#fields(this.#begin({}));
      case TAG.NULL_OBJECT:
        return this.#fields(this.#begin(Object.create(null) as object));
      case TAG.ARRAY:
        return this.#array();
      case TAG.ARRAY_WITH_FIELDS:
        return this.#fields(this.#array());
      case TAG.MAP:
        return this.#map();
      case TAG.SET:
        return this.#set();
      case TAG.DATE:
        return this.#begin(dateOf(this.#double()));
      case TAG.REGEXP:
        return this.#regExp();
      case TAG.BYTES:
        return this.#buffer();
      case TAG.ERROR:
        return this.#error();
      case TAG.URL:
        return this.#url();
      case TAG.EXTENSION:
      case TAG.EXTENSION_WITH_FIELDS:
        return this.#extension(tag === TAG.EXTENSION_WITH_FIELDS);
      default:
        return this.#bad(`unknown tag ${tag}`);
    }
  }

  /** @param isTaken names that stand elsewhere: an honest peer has no field of such a name */
  #fields<T extends object>(target: T, isTaken = Array.isArray(target) ? isElement : undefined): T {
    const count = this.#count(2);
    for (let index = 0; index < count; index++) {
      const key = this.#string(true);
      if (isTaken?.(key) === true) this.#bad(`${key.slice(0, MOST_SHOWN)} as a field`);
      const value = this.#value();
      if (value instanceof PropertyHook) value.define(target, key);
      else setField(target, key, value);
    }
    return target;
  }

  /** A value where a PropertyHook has no property to stand for. */
  #plainValue(): unknown {
    const value = this.#value();
    if (value instanceof PropertyHook) this.#bad('a property outside an object');
    return value;
  }

  #array(): unknown[] {
    const count = this.#count(1);
    const array: unknown[] = this.#begin([]);
    for (let index = 0; index < count; index++) {
      if (this.#bytes[this.#at] === TAG.HOLE) {
        this.#at++;
        array.length = index + 1;
      } else array.push(this.#plainValue());
    }
    return array;
  }

  #map(): Map<unknown, unknown> {
    const count = this.#count(2);
    const map = this.#begin(new Map<unknown, unknown>());
    for (let index = 0; index < count; index++) map.set(this.#key(), this.#plainValue());
    return map;
  }

  #set(): Set<unknown> {
    const count = this.#count(1);
    const set = this.#begin(new Set());
    for (let index = 0; index < count; index++) set.add(this.#key());
    return set;
  }

  /** A key of a Map, or an element of a Set. */
  #key(): unknown {
    const parts = (this.#options.limits?.nodes ?? LIMITS.valueNodes) - this.#nodesLeft;
    this.#pace ??= new KeyPace();
    if (!this.#pace.keeps(parts, this.#at)) this.#limit(`keys of a Map or Set that all collide: ${parts} parts took longer than they can`);
    return this.#plainValue();
  }

  #regExp(): RegExp {
    this.#nodesLeft -= HEAVY_PARTS;
    const source = this.#string(false);
    const flags = this.#string(false);
    const lastIndex = this.#value();
    if (source.length > LIMITS.regExpChars || typeof lastIndex !== 'number') this.#bad('a regular expression that is none');
    try {
      const regExp = this.#begin(new RegExp(source, flags));
      regExp.lastIndex = lastIndex;
      return regExp;
    } catch (cause) {
      return this.#bad('a regular expression that is none', cause);
    }
  }

  #url(): URL {
    this.#nodesLeft -= HEAVY_PARTS;
    const text = this.#string(false);
    try {
      return this.#begin(new URL(text));
    } catch (cause) {
      return this.#bad('a URL that is none', cause);
    }
  }

  #buffer(): unknown {
    const kind = this.#byte();
    const bytes = this.#slice();
    const value = reviveBytes(kind, bytes, this.#options.shareBytes === true);
    if (value === undefined) this.#bad(`${bytes.length} bytes as buffer kind ${kind}`);
    return this.#begin(value);
  }

  #error(): Error {
    this.#nodesLeft -= HEAVY_PARTS;
    const className = this.#string(true);
    const name = this.#string(true);
    const message = this.#string(false);
    const stack = this.#value();
    const flags = this.#byte();
    if ((stack !== undefined && typeof stack !== 'string') || flags > 3) this.#bad('an error that is none');
    const hasErrors = (flags & ERROR_HAS_ERRORS) !== 0;
    const error = this.#begin(reviveError({ className, name, message, stack, hasErrors }, this.#options.errorClass));
    if ((flags & ERROR_HAS_CAUSE) !== 0) setField(error, 'cause', this.#plainValue(), false);
    if (hasErrors) setField(error, 'errors', this.#plainValue(), false);
    this.#fields(error, isHead);
    this.#options.onError?.(error);
    return error;
  }

  #extension(hasFields: boolean): unknown {
    const tag = this.#varint();
    const extension = this.#extensions.find((entry) => entry.tag === tag && (entry.withFields === true) === hasFields);
    if (extension === undefined) this.#bad(`extension ${tag}, which is not known here`);
    const id = this.#table.push(PENDING) - 1;
    const payload = this.#plainValue();
    let value: unknown;
    try {
      value = extension.decode(payload);
    } catch (cause) {
      return this.#bad(`a ${extension.name} that is none`, cause);
    }
    this.#table[id] = value;
    if (!hasFields) return value;
    if (typeof value !== 'object' || value === null) this.#bad(`a ${extension.name} that is none`);
    return this.#fields(value);
  }
}

const isElement = (key: string): boolean => key === 'length' || isIndex(key);
const isHead = (key: string): boolean => key === 'name' || key === 'message' || key === 'stack';

function unreadable(code: 'WIRE_BAD_VALUE' | 'WIRE_LIMIT', saw: string, cause?: unknown): ResproutError {
  return new ResproutError(
    code,
    `a value cannot be read: ${saw}`,
    { tried: 'read a value', saw },
    cause === undefined ? undefined : { cause },
  );
}

/** By hand, since a TextDecoder replaces lone surrogates, which are the reason for this form. */
function decodeUtf16(bytes: Uint8Array): string {
  const units = new Uint16Array(bytes.length / 2);
  for (let index = 0; index < units.length; index++) units[index] = (bytes[2 * index] ?? 0) | ((bytes[2 * index + 1] ?? 0) << 8);
  const pieces: string[] = [];
  for (let at = 0; at < units.length; at += UNITS_A_CALL) pieces.push(String.fromCharCode(...units.subarray(at, at + UNITS_A_CALL)));
  return pieces.join('');
}
