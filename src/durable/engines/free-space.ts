// A full disk is waited out BEFORE a statement: a failed append is an unknown one and ends the owner.
import { statfsSync } from 'node:fs';
import { ResproutError } from '../../base/errors/errors.ts';
import { LIMITS } from '../../wire/index.ts';

const LOOK_EVERY_MS = 200;

/** How a full disk is met. */
export interface SpaceOptions {
  /** How long an append waits for space, ms; the process blocks meanwhile. @default 60000 */
  readonly waitForSpaceMs?: number | undefined;
  /** Called at every look while it waits, with the bytes that are free and those that are needed. Must not throw. */
  readonly onSpaceWait?: ((freeBytes: number, neededBytes: number) => void) | undefined;
}

/** Free bytes for this user on the file system of a folder; undefined where the file system does not say. */
function freeBytes(folder: string): number | undefined {
  const { bavail, bsize, blocks } = statfsSync(folder);
  return blocks === 0 ? undefined : bavail * bsize;
}

/** Returns when `bytes` and LIMITS.storeFreeBytes are free. @throws ResproutError STORE_IO when they are not in time; nothing was written */
export function waitForSpace(folder: string, bytes: number, options: SpaceOptions): void {
  // A row is written to the WAL and once more by the checkpoint.
  const needed = 2 * bytes + LIMITS.storeFreeBytes;
  const limitMs = options.waitForSpaceMs ?? 60_000;
  for (let waitedMs = 0; ; waitedMs += LOOK_EVERY_MS) {
    const free = freeBytes(folder);
    if (free === undefined || free >= needed) return;
    options.onSpaceWait?.(free, needed);
    if (waitedMs >= limitMs) throw noSpace(folder, free, needed);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOOK_EVERY_MS);
  }
}

function noSpace(folder: string, free: number, needed: number): ResproutError {
  return new ResproutError('STORE_IO', `the disk of ${folder} is full: ${free} bytes are free, ${needed} are needed`, {
    tried: `append to the journal in ${folder}`,
    saw: `${free} bytes are free, ${needed} are needed`,
    kept: 'Everything that was answered is kept; nothing was written since',
    do: 'Make space, then resume',
  });
}
