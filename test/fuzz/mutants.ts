// Mutants of valid bytes. Deterministic: one that is found can be made again from its seed and number.
import { TAG } from '../../src/wire/tags/value-tags.ts';

/** Random whole numbers below a bound. */
export type Random = (below: number) => number;

/** A generator of its own for each seed (mulberry32). */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000) * below);
  };
}

/** Bytes that mean something to the codec: tags, counts that are too large, ends of numbers. */
const TELLING: readonly number[] = [...Object.values(TAG), 0, 1, 127, 128, 255];

function spliced(bytes: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  const from = random(bytes.length + 1);
  const to = from + random(Math.min(16, bytes.length - from) + 1);
  const start = random(other.length + 1);
  const piece = other.subarray(start, start + random(32));
  return Buffer.concat([bytes.subarray(0, from), piece, bytes.subarray(to)]);
}

/** One to six changes of a valid text of bytes: a byte, a bit, a telling byte, a copy within, a piece of another one, a cut. */
export function mutantOf(seeds: readonly Uint8Array[], random: Random): Uint8Array {
  let bytes: Uint8Array = Uint8Array.from(seeds[random(seeds.length)] ?? []);
  for (let change = random(6); change >= 0; change--) {
    const at = random(bytes.length);
    const way = random(8);
    if (bytes.length === 0 || way === 0) bytes = spliced(bytes, seeds[random(seeds.length)] ?? bytes, random);
    else if (way === 1) bytes = bytes.subarray(0, at);
    else if (way === 2) bytes.copyWithin(at, random(bytes.length), random(bytes.length));
    else if (way === 3) bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8));
    else if (way <= 5) bytes[at] = TELLING[random(TELLING.length)] ?? 0;
    else bytes[at] = random(256);
    bytes = Uint8Array.from(bytes);
  }
  return bytes;
}
