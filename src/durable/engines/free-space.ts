// A full disk is met BEFORE a statement: a failed append is an unknown one and ends the owner.
import { statfsSync } from 'node:fs';
import { ResproutError } from '../../base/errors/errors.ts';
import type { SpaceLack } from '../journal/journal-store.ts';
import { LIMITS } from '../../wire/index.ts';

/** Free bytes for this user on the file system of a folder; undefined where the file system does not say. */
function freeBytesOf(folder: string): number | undefined {
  const { bavail, bsize, blocks } = statfsSync(folder);
  return blocks === 0 ? undefined : bavail * bsize;
}

/** Whether `bytes` can be spared: what commits need is left, and as much again. */
export function hasSpare(folder: string, bytes: number): boolean {
  const freeBytes = freeBytesOf(folder);
  return freeBytes === undefined || freeBytes >= bytes + 2 * LIMITS.storeFreeBytes;
}

/** What is missing before `bytes` may be appended in a folder; undefined when nothing is. @throws the system's error */
export function spaceLack(folder: string, bytes: number): SpaceLack | undefined {
  // A row is written to the WAL and once more by the checkpoint.
  const neededBytes = 2 * bytes + LIMITS.storeFreeBytes;
  const freeBytes = freeBytesOf(folder);
  return freeBytes === undefined || freeBytes >= neededBytes ? undefined : { freeBytes, neededBytes };
}

/** @throws ResproutError STORE_IO when there is not enough space; nothing was written */
export function checkSpace(folder: string, bytes: number): void {
  const lack = spaceLack(folder, bytes);
  if (lack !== undefined) throw noSpace(folder, lack);
}

/** The error of a disk that stayed full. */
export function noSpace(folder: string, { freeBytes, neededBytes }: SpaceLack): ResproutError {
  const saw = `${freeBytes} bytes are free, ${neededBytes} are needed`;
  return new ResproutError('STORE_IO', `the disk of ${folder} is full: ${saw}`, {
    tried: `append to the journal in ${folder}`,
    saw,
    kept: 'Everything that was answered is kept; nothing was written since',
    do: 'Make space, then resume',
  });
}
