// What the benches call in other processes. A file of its own, so that nothing else travels.

import { readFileSync } from 'node:fs';

/** Gives back what it is given. */
export function echo<T>(value: T): T {
  return value;
}

/** How many bytes have arrived. */
export function lengthOf(bytes: Uint8Array): number {
  return bytes.length;
}

/** The text of a file over there. */
export function readText(path: string): string {
  return readFileSync(path, 'utf8');
}
