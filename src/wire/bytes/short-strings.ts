// Short ASCII texts without a TextDecoder, whose call costs more than they do. Keys of objects come again and again: they are kept.

const KEPT_KEYS = 512;
const LONGEST_KEPT_KEY = 32;
const EIGHT = 8;
const kept: (string | undefined)[] = Array.from({ length: KEPT_KEYS }, () => undefined);
const { fromCharCode } = String;

/** `length` ASCII characters; undefined when a byte is none. */
export function readAscii(bytes: Uint8Array, at: number, length: number): string | undefined {
  const end = at + length;
  let text = '';
  /** All bytes together: above 127 when one of them is. */
  let all = 0;
  let from = at;
  for (; end - from >= EIGHT; from += EIGHT) {
    const a = bytes[from] ?? 0;
    const b = bytes[from + 1] ?? 0;
    const c = bytes[from + 2] ?? 0;
    const d = bytes[from + 3] ?? 0;
    const e = bytes[from + 4] ?? 0;
    const f = bytes[from + 5] ?? 0;
    const g = bytes[from + 6] ?? 0;
    const h = bytes[from + 7] ?? 0;
    all |= a | b | c | d | e | f | g | h;
    text += fromCharCode(a, b, c, d, e, f, g, h);
  }
  const rest = readFew(bytes, from, end - from);
  return rest === undefined || all > 127 ? undefined : text + rest;
}

/** Up to seven characters, in one call each. */
function readFew(bytes: Uint8Array, at: number, length: number): string | undefined {
  if (length === 0) return '';
  const a = bytes[at] ?? 0;
  const b = length > 1 ? (bytes[at + 1] ?? 0) : 0;
  const c = length > 2 ? (bytes[at + 2] ?? 0) : 0;
  const d = length > 3 ? (bytes[at + 3] ?? 0) : 0;
  const e = length > 4 ? (bytes[at + 4] ?? 0) : 0;
  const f = length > 5 ? (bytes[at + 5] ?? 0) : 0;
  const g = length > 6 ? (bytes[at + 6] ?? 0) : 0;
  if ((a | b | c | d | e | f | g) > 127) return undefined;
  switch (length) {
    case 1:
      return fromCharCode(a);
    case 2:
      return fromCharCode(a, b);
    case 3:
      return fromCharCode(a, b, c);
    case 4:
      return fromCharCode(a, b, c, d);
    case 5:
      return fromCharCode(a, b, c, d, e);
    case 6:
      return fromCharCode(a, b, c, d, e, f);
    default:
      return fromCharCode(a, b, c, d, e, f, g);
  }
}

/** The same, for a text that is probably met again. */
export function readKey(bytes: Uint8Array, at: number, length: number): string | undefined {
  if (length === 0 || length > LONGEST_KEPT_KEY) return readAscii(bytes, at, length);
  const last = at + length - 1;
  const slot = (length * 31 + (bytes[at] ?? 0) * 7 + (bytes[last] ?? 0) * 13 + (bytes[at + (length >> 1)] ?? 0) * 3) % KEPT_KEYS;
  const known = kept[slot];
  if (known !== undefined && known.length === length) {
    let index = 0;
    while (index < length && known.charCodeAt(index) === bytes[at + index]) index++;
    if (index === length) return known;
  }
  const text = readAscii(bytes, at, length);
  kept[slot] = text;
  return text;
}
