import { SMALL_INT, SHORT_STRING, TAG } from '../tags/value-tags.ts';

/**
 * The whole numbers that a written array begins with, so many at most, without a look at the rest. The bytes are hostile: what is not an array
 * that begins with numbers gives fewer, or none.
 */
export function firstNumbers(bytes: Uint8Array, most: number): readonly number[] {
  const numbers: number[] = [];
  if (bytes[0] !== TAG.ARRAY) return numbers;
  let at = 1;
  const varint = (): number | undefined => {
    let value = 0;
    for (let factor = 1; factor <= 0x10000000; factor *= 128) {
      const byte = bytes[at++];
      if (byte === undefined) return undefined;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
    return undefined;
  };
  const count = Math.min(varint() ?? 0, most);
  while (numbers.length < count) {
    const tag = bytes[at++] ?? 0;
    const value = tag === TAG.INT ? varint() : tag >= SMALL_INT && tag < SHORT_STRING ? tag - SMALL_INT : undefined;
    if (value === undefined) break;
    numbers.push(value);
  }
  return numbers;
}
