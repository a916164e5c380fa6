// What stays of a secret when its process has ended, so that a later one does not show it either: no text, but prints of its forms, by which
// they are found in a text. A print is a length, a sum that can be rolled along a text, and a keyed hash that decides. Without the key of the store
// a print says nothing but the length; with it a guess can be tried, as with the keyed hashes of the environment.
import { createHmac } from 'node:crypto';
import type { SecretPrint } from '../../base/secret-print.ts';
import { formsOf } from './secret-forms.ts';
import { markOf, type Finder, type Found } from './known-secrets.ts';

const HASH_DIGITS = 24;
/** Forms of one secret that are kept: a key file has many lines. */
const MOST_FORMS = 200;
const SUM_BASE = 'sums of secrets';

/** Prints of all forms of a secret. @param key of the store */
export function printsOf(key: Uint8Array, text: string, name?: string): readonly SecretPrint[] {
  const base = baseOf(key);
  return formsOf(text)
    .slice(0, MOST_FORMS)
    .map((form) => ({ name, length: form.length, sum: sumOf(form, base), hash: hashOf(key, form) }));
}

/** Finds what prints were made of. @param key of the store */
export function finderOf(key: Uint8Array, prints: readonly SecretPrint[]): Finder {
  const base = baseOf(key);
  const lengths = groupedBy(prints, ({ length }) => length);
  const groups = [...lengths].map(([length, some]) => ({ length, bySum: groupedBy(some, ({ sum }) => sum) }));
  groups.sort((a, b) => b.length - a.length);
  return (text) => {
    const found: Found[] = [];
    for (const { length, bySum } of groups) {
      for (const from of placesOf(text, length, base, bySum)) {
        const part = text.slice(from, from + length);
        const hash = hashOf(key, part);
        const print = bySum.get(sumOf(part, base))?.find((one) => one.hash === hash);
        const isFree = found.every((other) => from >= other.to || from + length <= other.from);
        if (print !== undefined && isFree) found.push({ from, to: from + length, mark: markOf(print.name) });
      }
    }
    return found.sort((a, b) => a.from - b.from);
  };
}

function groupedBy(prints: readonly SecretPrint[], by: (print: SecretPrint) => number): ReadonlyMap<number, readonly SecretPrint[]> {
  const groups = new Map<number, SecretPrint[]>();
  for (const print of prints) {
    const group = groups.get(by(print));
    if (group === undefined) groups.set(by(print), [print]);
    else group.push(print);
  }
  return groups;
}

function baseOf(key: Uint8Array): number {
  // Odd, so that no character is lost in the powers.
  return createHmac('sha256', key).update(SUM_BASE).digest().readInt32LE(0) | 1;
}

function hashOf(key: Uint8Array, form: string): string {
  return createHmac('sha256', key).update('a secret\0').update(form, 'utf16le').digest('hex').slice(0, HASH_DIGITS);
}

function sumOf(text: string, base: number): number {
  let sum = 0;
  for (let i = 0; i < text.length; i++) sum = (Math.imul(sum, base) + text.charCodeAt(i)) | 0;
  return sum;
}

/** Where a part of a length has one of the sums. */
function placesOf(text: string, length: number, base: number, sums: ReadonlyMap<number, unknown>): readonly number[] {
  if (text.length < length) return [];
  let power = 1;
  for (let i = 1; i < length; i++) power = Math.imul(power, base);
  const places: number[] = [];
  let sum = sumOf(text.slice(0, length), base);
  for (let from = 0; ; from++) {
    if (sums.has(sum)) places.push(from);
    if (from + length >= text.length) return places;
    sum = (Math.imul((sum - Math.imul(text.charCodeAt(from), power)) | 0, base) + text.charCodeAt(from + length)) | 0;
  }
}
