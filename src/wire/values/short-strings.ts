// Short ASCII texts without a TextDecoder, whose call costs more than they do. Keys of objects come again and again: they are kept.

const KEPT_KEYS = 512;
const LONGEST_KEPT_KEY = 32;
const kept: (string | undefined)[] = Array.from({ length: KEPT_KEYS }, () => undefined);

/** `length` ASCII characters; undefined when a byte is none. */
export function readAscii(bytes: Uint8Array, at: number, length: number): string | undefined {
  for (let index = at; index < at + length; index++) if ((bytes[index] ?? 128) > 127) return undefined;
  return String.fromCharCode(...bytes.subarray(at, at + length));
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
