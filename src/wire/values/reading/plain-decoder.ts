// The short way through a value: plain objects and arrays, texts, numbers, bytes. Most values are nothing else, and the whole decoder costs six
// times as much for them. Invariants:
//   P1. What it gives is what the whole decoder gives for the same bytes, under the same limits.
//   P2. It knows no errors. Whatever it does not take (references, kinds with a life of their own, anything wrong) it gives back as NOT_PLAIN, and
//       the whole decoder reads the value from its beginning, or says what is wrong with it.
//   P3. It holds its place in variables of this module, since an object with fields is what makes the other one slow. Whoever comes in while it is
//       busy gets NOT_PLAIN.
import { reviveBytes } from '../../tags/bytes-kinds.ts';
import { SHORT_STRING, SMALL_INT, TAG } from '../../tags/value-tags.ts';
import { setField } from './set-field.ts';
import { readAscii, readKey } from '../../bytes/short-strings.ts';

/** The answer for what the whole decoder must read. */
export const NOT_PLAIN: unique symbol = Symbol('not plain');

/** Bounds, all of them known. */
export interface PlainLimits {
  readonly nodes: number;
  readonly depth: number;
  readonly stringBytes: number;
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const NOTHING = new Uint8Array(0);
let isBusy = false;
let isPlain = true;
let bytes: Uint8Array = NOTHING;
let at = 0;
let end = 0;
let nodesLeft = 0;
let levelsLeft = 0;
let longestText = 0;
let mayShare = false;
/** Made for the first number that needs it. */
let view: DataView | undefined;

/** The value, or NOT_PLAIN. @param shareBytes as in DecodeOptions */
export function decodePlain(input: Uint8Array, { nodes, depth, stringBytes }: PlainLimits, shareBytes: boolean): unknown {
  if (isBusy) return NOT_PLAIN;
  isBusy = true;
  isPlain = true;
  bytes = input;
  at = 0;
  end = input.length;
  nodesLeft = nodes;
  levelsLeft = depth;
  longestText = stringBytes;
  mayShare = shareBytes;
  try {
    const value = readValue();
    return isPlain && at === end ? value : NOT_PLAIN;
  } finally {
    isBusy = false;
    bytes = NOTHING;
    view = undefined;
  }
}

function giveUp(): undefined {
  isPlain = false;
  return undefined;
}

function readValue(): unknown {
  if (--nodesLeft < 0 || at >= end) return giveUp();
  const tag = bytes[at++] ?? 0;
  if (tag >= SHORT_STRING) return readShort(tag - SHORT_STRING, readAscii);
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
      return readVarint();
    case TAG.NEGATIVE:
      return -1 - readVarint();
    case TAG.DOUBLE:
      return readDouble();
    case TAG.STRING:
      return readText();
    case TAG.ARRAY:
      return readArray();
    case TAG.OBJECT:
      return readObject();
    case TAG.BYTES:
      return readBytes();
    default:
      return giveUp();
  }
}

function readShort(length: number, read: typeof readAscii): string | undefined {
  if (length > end - at) return giveUp();
  const text = read(bytes, at, length);
  if (text === undefined) return giveUp();
  at += length;
  return text;
}

function readVarint(): number {
  let value = 0;
  for (let factor = 1; factor <= 0x10000000 && at < end; factor *= 128) {
    const byte = bytes[at++] ?? 0;
    value += (byte & 127) * factor;
    if (byte < 128) return value;
  }
  giveUp();
  return 0;
}

function readDouble(): number | undefined {
  if (end - at < 8) return giveUp();
  view ??= new DataView(bytes.buffer, bytes.byteOffset, end);
  const value = view.getFloat64(at);
  at += 8;
  return value;
}

function readSlice(): Uint8Array | undefined {
  const length = readVarint();
  if (!isPlain || length > end - at) return giveUp();
  at += length;
  return bytes.subarray(at - length, at);
}

function readText(): string | undefined {
  const slice = readSlice();
  if (slice === undefined || slice.length > longestText) return giveUp();
  try {
    return strict.decode(slice);
  } catch {
    return giveUp();
  }
}

function readBytes(): unknown {
  if (--levelsLeft < 0 || at >= end) return giveUp();
  const kind = bytes[at++] ?? 0;
  const slice = readSlice();
  if (slice === undefined) return undefined;
  levelsLeft++;
  return reviveBytes(kind, slice, mayShare) ?? giveUp();
}

/** A count of things of at least `size` bytes each, one level further down; below 0 when there is none. */
function begin(size: number): number {
  const count = readVarint();
  if (isPlain && count * size <= end - at && count <= nodesLeft && --levelsLeft >= 0) return count;
  giveUp();
  return -1;
}

function readArray(): unknown[] | undefined {
  const count = begin(1);
  const array: unknown[] = [];
  for (let index = 0; index < count; index++) {
    array.push(readValue());
    if (!isPlain) return undefined;
  }
  levelsLeft++;
  return array;
}

function readObject(): object | undefined {
  const count = begin(2);
  const object: object = {};
  for (let index = 0; index < count; index++) {
    const tag = bytes[at++] ?? 0;
    const key = tag >= SHORT_STRING ? readShort(tag - SHORT_STRING, readKey) : giveUp();
    if (key === undefined) return undefined;
    const value = readValue();
    if (!isPlain) return undefined;
    setField(object, key, value);
  }
  levelsLeft++;
  return object;
}
