// The writer behind encodeValue. Owns: a ByteWriter and the numbers of the objects met so far.
//   E1. Buffers of LARGE_BYTES and more stand in the result by reference, at the place where they were met.
//   E2. Objects get numbers in the order in which they begin; a later meeting is written as that number. Decoder and encoder count alike.
//   E3. A failed field leaves nothing behind: position, pieces and numbers go back to where they were before it.
import { isError } from '../../base/errors/is-error.ts';
import { ByteWriter, Written, type EncodedValue } from '../bytes/byte-writer.ts';
import { ARRAY_BUFFER_KIND, BYTES_KIND, viewKind } from '../tags/bytes-kinds.ts';
import { indexCount } from './array-index.ts';
import { errorText } from './error-text.ts';
import { LIMITS } from '../limits.ts';
import { MetObjects } from './met-objects.ts';
import type { ValueExtension } from './value-extension.ts';
import type { EncodeOptions } from './value-options.ts';
import { dateMs, isOwnArray, kindOf } from './value-kinds.ts';
import { refused } from './value-refused.ts';
import { classNameOf, isPlainObject, isWhat, pathText, type PathKey } from './value-path.ts';
import { ERROR_HAS_CAUSE, ERROR_HAS_ERRORS, HEAVY_PARTS, SHORT_STRING, SMALL_INT, TAG } from '../tags/value-tags.ts';

/** Writes one value, once. */
export class ValueEncoder {
  readonly #options: EncodeOptions;
  readonly #extensions: readonly ValueExtension[];
  readonly #depthLimit: number;
  readonly #byteLimit: number;
  #nodesLeft: number;
  readonly #out = new ByteWriter();
  readonly #met = new MetObjects();
  /** Extensions whose payload is being written: their value does not exist yet when the payload is read. */
  #open: Set<number> | undefined;
  #depth = 0;
  readonly #keys: (PathKey | undefined)[] = [];

  constructor(options: EncodeOptions) {
    this.#options = options;
    this.#extensions = options.extensions ?? [];
    this.#depthLimit = options.limits?.depth ?? LIMITS.valueDepth;
    this.#byteLimit = options.limits?.bytes ?? LIMITS.framePayloadBytes;
    this.#nodesLeft = options.limits?.nodes ?? LIMITS.valueNodes;
  }

  /** Writes the value and takes it from the writer, which is not used afterwards. */
  encode<T>(value: unknown, take: (out: ByteWriter) => T): T {
    try {
      this.#write(value);
      this.#room(0);
      return take(this.#out);
    } finally {
      this.#out.release();
    }
  }

  #path(): string {
    return pathText(this.#options.root ?? 'value', this.#keys, this.#depth);
  }

  #limit(what: string): never {
    throw refused('WIRE_LIMIT', this.#path(), what);
  }

  #room(count: number): void {
    if (this.#out.byteLength > this.#byteLimit) this.#limit(`makes the whole larger than ${this.#byteLimit} bytes`);
    this.#out.room(count);
  }

  /** Every kind needs at most 16 bytes before its own content, taken here once. */
  #write(value: unknown): void {
    this.#room(16);
    if (--this.#nodesLeft < 0) this.#limit(`has more than ${this.#options.limits?.nodes ?? LIMITS.valueNodes} parts`);
    switch (typeof value) {
      case 'string':
        return this.#string(value);
      case 'number':
        return this.#number(value);
      case 'boolean':
        return this.#out.tag(value ? TAG.TRUE : TAG.FALSE);
      case 'undefined':
        return this.#out.tag(TAG.UNDEFINED);
      case 'bigint':
        return this.#bigint(value);
      case 'object':
        return value === null ? this.#out.tag(TAG.NULL) : this.#object(value);
      case 'function':
      case 'symbol':
        return this.#special(value);
    }
  }

  #number(value: number): void {
    if ((value | 0) !== value || Object.is(value, -0)) return this.#double(TAG.DOUBLE, value);
    if (value < 0) {
      this.#out.tag(TAG.NEGATIVE);
      return this.#out.varint(-value - 1);
    }
    if (value < SHORT_STRING - SMALL_INT) return this.#out.tag(SMALL_INT + value);
    this.#out.tag(TAG.INT);
    return this.#out.varint(value);
  }

  #double(tag: number, value: number): void {
    this.#out.tag(tag);
    this.#out.double(value);
  }

  #bigint(value: bigint): void {
    this.#out.tag(TAG.BIGINT);
    const digits = value.toString(16);
    if (digits.length > LIMITS.bigintDigits) this.#limit(`is a bigint of ${digits.length} digits, ${LIMITS.bigintDigits} are the most`);
    this.#string(digits);
  }

  #string(text: string): void {
    // Three bytes a character at most: whoever is below a third of the limit needs no count.
    if (text.length > LIMITS.stringBytes / 3) this.#limit(`is a text of ${text.length} characters, ${LIMITS.stringBytes / 3} are the most`);
    this.#out.string(text);
  }

  /** Writes a reference when the value was met before; gives it its number otherwise. */
  #isKnown(value: unknown): boolean {
    const id = this.#met.idOf(value);
    if (id === undefined) {
      this.#met.add(value);
      return false;
    }
    if (this.#open?.has(id) === true) this.#refuse(value, 'contains itself');
    else {
      this.#out.tag(TAG.REF);
      this.#out.varint(id);
    }
    return true;
  }

  #object(value: object): void {
    if (this.#isKnown(value)) return;
    if (this.#options.isProxy?.(value)) return this.#refuse(value, 'is a proxy');
    if (this.#depth >= this.#depthLimit) return this.#refuse(value, `is nested more than ${this.#depthLimit} levels deep`);
    const prototype: unknown = Object.getPrototypeOf(value);
    // One that is iterable by itself may be a stream, which crosses as such.
    if (prototype === Object.prototype && !(Symbol.asyncIterator in value)) return this.#plain(TAG.OBJECT, value);
    if (Array.isArray(value) && (this.#options.arrayClasses === true || isOwnArray(prototype))) return this.#array(value);
    if (prototype === null) return this.#plain(TAG.NULL_OBJECT, value);
    const extension = this.#extensions.find((entry) => entry.matches(value));
    if (extension !== undefined) return this.#extension(extension, value);
    return this.#builtin(value, prototype);
  }

  #plain(tag: number, value: object): void {
    this.#out.tag(tag);
    this.#depth++;
    this.#fields(value);
    this.#depth--;
  }

  #builtin(value: object, prototype: unknown): void {
    if (ArrayBuffer.isView(value)) return this.#arrayView(value);
    if (value instanceof Written) return this.#buffer(BYTES_KIND, value.value);
    switch (kindOf(value, prototype)) {
      case 'Map':
        return this.#map(value as ReadonlyMap<unknown, unknown>);
      case 'Set':
        return this.#set(value as ReadonlySet<unknown>);
      case 'Date':
        return this.#double(TAG.DATE, dateMs(value));
      case 'RegExp':
        return this.#regExp(value as RegExp);
      case 'ArrayBuffer':
        return this.#bytes(value, ARRAY_BUFFER_KIND, () => new Uint8Array(value as ArrayBuffer));
      case 'URL':
        return this.#url(value as URL);
      case undefined:
        if (isError(value)) return this.#error(value);
        if (isPlainObject(value)) return this.#plain(TAG.OBJECT, value);
        return this.#refuse(value, isWhat(classNameOf(value)));
    }
  }

  #fields(value: object): void {
    const keys = Object.keys(value);
    this.#out.varint(keys.length);
    this.#fieldsNamed(value, keys);
  }

  #fieldsNamed(value: object, keys: readonly string[]): void {
    const record = value as Readonly<Record<string, unknown>>;
    const depth = this.#depth;
    const salvage = this.#options.salvage;
    for (let index = 0; index < keys.length; index++) {
      const key = keys[index] ?? '';
      this.#string(key);
      this.#keys[depth] = key;
      if (salvage === undefined) this.#write(record[key]);
      else if (!this.#attempt(() => this.#write(record[key]))) this.#write(salvage(this.#failure, this.#path()));
    }
  }

  #failure: unknown;

  /** Runs `run`; when it throws, goes back to where the value stood before it and keeps the error in `#failure`. */
  #attempt(run: () => void): boolean {
    const mark = this.#out.mark();
    const { count } = this.#met;
    const depth = this.#depth;
    try {
      run();
      return true;
    } catch (error) {
      this.#failure = error;
      this.#out.goBack(mark);
      this.#depth = depth;
      while (this.#met.count > count) this.#forgetLast();
      return false;
    }
  }

  #forgetLast(): void {
    this.#met.forgetLast();
    this.#open?.delete(this.#met.count);
  }

  #array(value: readonly unknown[]): void {
    const { length } = value;
    if (length > this.#nodesLeft)
      this.#limit(`is an array of ${length} elements, a value may have ${this.#options.limits?.nodes ?? LIMITS.valueNodes} parts`);
    const keys = Object.keys(value);
    const first = indexCount(keys, length);
    this.#out.tag(first === keys.length ? TAG.ARRAY : TAG.ARRAY_WITH_FIELDS);
    this.#out.varint(length);
    const isDense = first === length;
    const depth = ++this.#depth;
    for (let index = 0; index < length; index++) {
      this.#keys[depth] = index;
      const element = value[index];
      if (element === undefined && !isDense && !(index in value)) {
        this.#room(1);
        this.#out.tag(TAG.HOLE);
      } else this.#write(element);
    }
    if (first < keys.length) {
      this.#room(16);
      this.#out.varint(keys.length - first);
      this.#fieldsNamed(value, keys.slice(first));
    }
    this.#depth--;
  }

  #map(value: ReadonlyMap<unknown, unknown>): void {
    this.#out.tag(TAG.MAP);
    this.#out.varint(value.size);
    const depth = ++this.#depth;
    for (const [key, element] of value) {
      this.#keys[depth] = { key, of: 'key' };
      this.#write(key);
      this.#keys[depth] = { key, of: 'value' };
      this.#write(element);
    }
    this.#depth--;
  }

  #set(value: ReadonlySet<unknown>): void {
    this.#out.tag(TAG.SET);
    this.#out.varint(value.size);
    const depth = ++this.#depth;
    for (const key of value) {
      this.#keys[depth] = { key, of: 'element' };
      this.#write(key);
    }
    this.#depth--;
  }

  #regExp(value: RegExp): void {
    if (value.source.length > LIMITS.regExpChars) this.#limit('is a regular expression that is too long');
    this.#nodesLeft -= HEAVY_PARTS;
    this.#out.tag(TAG.REGEXP);
    this.#string(value.source);
    this.#string(value.flags);
    this.#room(16);
    this.#number(value.lastIndex);
  }

  #url(value: URL): void {
    this.#nodesLeft -= HEAVY_PARTS;
    this.#out.tag(TAG.URL);
    this.#string(value.href);
  }

  #arrayView(value: ArrayBufferView): void {
    const kind = viewKind(value);
    if (kind < 0) return this.#refuse(value, isWhat(classNameOf(value)));
    return this.#bytes(value, kind, () => new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  }

  #bytes(value: object, kind: number, read: () => Uint8Array): void {
    let bytes: Uint8Array;
    try {
      bytes = read();
    } catch {
      return this.#refuse(value, `${isWhat(classNameOf(value))} that is detached`);
    }
    this.#buffer(kind, { byteLength: bytes.length, chunks: [bytes] });
  }

  #buffer(kind: number, { byteLength, chunks }: EncodedValue): void {
    this.#out.tag(TAG.BYTES);
    this.#out.tag(kind);
    if (byteLength > this.#byteLimit) this.#limit(`is a buffer of ${byteLength} bytes, ${this.#byteLimit} are the most`);
    this.#out.varint(byteLength);
    for (const bytes of chunks) this.#out.piece(bytes);
    this.#room(0);
  }

  /** What cannot cross inside an error is left out: the error itself always arrives. */
  #error(value: Error): void {
    this.#nodesLeft -= HEAVY_PARTS;
    this.#out.tag(TAG.ERROR);
    this.#string(errorText(() => classNameOf(value), 'its class') ?? 'Error');
    this.#string(errorText(() => value.name, 'its name') ?? 'Error');
    this.#string(errorText(() => value.message, 'its message') ?? '');
    const stack = this.#options.stacks === false ? undefined : errorText(() => value.stack, 'its stack');
    this.#room(16);
    if (stack === undefined) this.#out.tag(TAG.UNDEFINED);
    else this.#string(stack);
    const flagsAt = this.#out.hole();
    let flags = 0;
    const depth = ++this.#depth;
    const part = (key: string, flag: number, read: () => unknown): void => {
      this.#keys[depth] = key;
      if (this.#attempt(() => this.#part(value, key, read))) flags |= flag;
    };
    part('cause', ERROR_HAS_CAUSE, () => value.cause);
    part('errors', ERROR_HAS_ERRORS, () => (value as { readonly errors?: unknown }).errors);
    this.#out.patch(flagsAt, flags);
    this.#errorFields(value as unknown as Readonly<Record<string, unknown>>);
    this.#depth--;
  }

  /** @throws when there is no such part, or none that can be written */
  #part(value: object, key: string, read: () => unknown): void {
    if (!Object.hasOwn(value, key)) throw new TypeError(`no ${key}`);
    this.#write(read());
  }

  #errorFields(value: Readonly<Record<string, unknown>>): void {
    const countAt = this.#out.hole();
    let count = 0;
    for (const key of Object.keys(value)) {
      if (key === 'name' || key === 'message' || key === 'stack' || key === 'cause' || key === 'errors' || count === 127) continue;
      this.#keys[this.#depth] = key;
      const isWritten = this.#attempt(() => {
        this.#string(key);
        this.#write(value[key]);
      });
      if (isWritten) count++;
    }
    this.#out.patch(countAt, count);
  }

  #special(value: unknown): void {
    const extension = this.#extensions.find((entry) => entry.matches(value));
    if (extension !== undefined) {
      if (!this.#isKnown(value)) this.#extension(extension, value);
      return;
    }
    const what = typeof value === 'function' ? `is a function (${value.name || 'anonymous'})` : 'is a symbol';
    return this.#refuse(value, what);
  }

  #extension(extension: ValueExtension, value: unknown): void {
    const id = this.#met.count - 1;
    const path = this.#path();
    const open = (this.#open ??= new Set<number>());
    open.add(id);
    this.#out.tag(extension.withFields ? TAG.EXTENSION_WITH_FIELDS : TAG.EXTENSION);
    this.#out.varint(extension.tag);
    this.#keys[++this.#depth] = undefined;
    this.#write(extension.encode(value, path));
    open.delete(id);
    if (extension.withFields) {
      this.#room(16);
      this.#fields(value as object);
    }
    this.#depth--;
  }

  #refuse(value: unknown, why: string): void {
    const path = this.#path();
    const { refuse } = this.#options;
    const verdict = refuse === undefined ? refused('REMOTE_VALUE_UNSENDABLE', path, why) : refuse(value, path, why);
    if (verdict instanceof Error) throw verdict;
    // The refused object began last: its number goes to the next one, as the decoder counts.
    if (this.#met.isLast(value)) this.#forgetLast();
    this.#write(verdict);
  }
}
