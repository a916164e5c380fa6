import { ResproutError } from '../../src/base/errors/errors.ts';
import { mutantOf, randomOf } from './mutants.ts';
import type { Target } from './targets.ts';

/** What became of the mutants of one target. */
export interface Fuzzed {
  readonly name: string;
  readonly count: number;
  readonly refused: number;
  /** Longest reading, milliseconds. */
  readonly slowestMs: number;
  /** What was neither read nor refused with a code, with the bytes that did it. */
  readonly faults: readonly { readonly n: number; readonly bytes: string; readonly error: string }[];
}

const MOST_FAULTS = 10;
const SEED = 20_261_130;

/** Feeds mutants `from` to `from + count` to a target. Whatever it changes in the prototypes of the language is a fault too. */
export function fuzz({ name, read, seeds }: Target, count: number, from = 0): Fuzzed {
  const faults: { n: number; bytes: string; error: string }[] = [];
  let refused = 0;
  let slowestMs = 0;
  for (let n = from; n < from + count && faults.length < MOST_FAULTS; n++) {
    const bytes = mutantOf(seeds, randomOf(SEED + n));
    const start = performance.now();
    try {
      read(bytes);
    } catch (error) {
      if (error instanceof ResproutError) refused++;
      else faults.push({ n, bytes: Buffer.from(bytes).toString('hex'), error: String(error) });
    }
    slowestMs = Math.max(slowestMs, performance.now() - start);
    const changed = [Object.prototype, Array.prototype, Error.prototype].find((prototype) => Object.keys(prototype).length > 0);
    if (changed !== undefined) faults.push({ n, bytes: Buffer.from(bytes).toString('hex'), error: 'a prototype has a new property' });
  }
  return { name, count, refused, slowestMs, faults };
}
