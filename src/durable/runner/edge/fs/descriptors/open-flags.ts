// Flags of `open`, as numbers: Node's words for them, and what is left of them when a file is opened again after a crash.
import { constants } from 'node:fs';

const { O_APPEND, O_CREAT, O_EXCL, O_RDONLY, O_RDWR, O_SYNC, O_TRUNC, O_WRONLY } = constants;

const WRITE = O_TRUNC | O_CREAT;
const APPEND = O_APPEND | O_CREAT;

/** Words of one meaning; `s` and `x` may stand on either side of each other's letter. */
const WORDS: Readonly<Record<string, number>> = {
  r: O_RDONLY,
  rs: O_RDONLY | O_SYNC,
  sr: O_RDONLY | O_SYNC,
  'r+': O_RDWR,
  'rs+': O_RDWR | O_SYNC,
  'sr+': O_RDWR | O_SYNC,
  w: WRITE | O_WRONLY,
  wx: WRITE | O_WRONLY | O_EXCL,
  xw: WRITE | O_WRONLY | O_EXCL,
  'w+': WRITE | O_RDWR,
  'wx+': WRITE | O_RDWR | O_EXCL,
  'xw+': WRITE | O_RDWR | O_EXCL,
  a: APPEND | O_WRONLY,
  ax: APPEND | O_WRONLY | O_EXCL,
  xa: APPEND | O_WRONLY | O_EXCL,
  as: APPEND | O_WRONLY | O_SYNC,
  sa: APPEND | O_WRONLY | O_SYNC,
  'a+': APPEND | O_RDWR,
  'ax+': APPEND | O_RDWR | O_EXCL,
  'xa+': APPEND | O_RDWR | O_EXCL,
  'as+': APPEND | O_RDWR | O_SYNC,
  'sa+': APPEND | O_RDWR | O_SYNC,
};

/** Flags as a number; undefined for what Node refuses. */
export function flagsNumber(flags: unknown): number | undefined {
  if (flags === undefined || flags === null) return O_RDONLY;
  if (typeof flags === 'number') return flags;
  return typeof flags === 'string' && Object.hasOwn(WORDS, flags) ? WORDS[flags] : undefined;
}

/** Whether opening with these flags may change something, or writing may follow. */
export const isForWriting = (flags: number): boolean => (flags & (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC)) !== 0;

/** Whether every write goes to the end. */
export const isAppending = (flags: number): boolean => (flags & O_APPEND) !== 0;

/** Flags that open what is there already, as it is. */
export const flagsAgain = (flags: number): number => flags & ~(O_CREAT | O_TRUNC | O_EXCL);
