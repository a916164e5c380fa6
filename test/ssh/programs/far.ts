// Functions that the tests call on the far side.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';

/** What the far side says of itself, and what a child of it says. */
export function whoAmI(): { user: string; child: string; pid: number; version: string } {
  return {
    user: userInfo().username,
    child: execFileSync('id', ['-un']).toString().trim(),
    pid: process.pid,
    version: process.versions.node,
  };
}

export function add(a: number, b: number): number {
  return a + b;
}

export function fail(): never {
  throw new RangeError('out of range there');
}

/** Blocks the main thread for good. */
export function hang(): never {
  for (;;);
}

/** Writes a file; gives the system's code when that fails. */
export function tryToWrite(path: string): string {
  try {
    writeFileSync(path, 'x');
    return 'written';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}
