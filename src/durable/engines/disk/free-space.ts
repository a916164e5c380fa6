// A full disk is met BEFORE a statement: a failed append is an unknown one and ends the owner.
import { statfsSync } from 'node:fs';
import { ResproutError } from '../../../base/errors/errors.ts';
import type { SpaceLack } from '../../journal/journal-store.ts';
import { LIMITS } from '../../../wire/index.ts';

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

/** Above so many bytes that nobody needs it is not looked before each append. */
const PLENTY_BYTES = 64 * LIMITS.storeFreeBytes;
/** How often it is looked then: after so many appends, after so long, whichever comes first. */
const LOOK_APPENDS = 256;
const LOOK_MS = 250;

/** The space of a journal's disk, looked at before each append. Asking the system costs as much as the checks of a row: with plenty it is asked seldom. */
export class FreeSpace {
  readonly #folder: string;
  readonly #ask: (folder: string) => number | undefined;
  #appendsLeft = 0;
  #spareBytes = 0;
  #lookedMs = 0;

  /** @param ask gives the bytes that are free, as far as the system says */
  constructor(folder: string, ask: (folder: string) => number | undefined = freeBytesOf) {
    this.#folder = folder;
    this.#ask = ask;
  }

  /** As `spaceLack`. */
  lackFor(bytes: number): SpaceLack | undefined {
    if (this.#appendsLeft > 0 && 2 * bytes <= this.#spareBytes && performance.now() - this.#lookedMs < LOOK_MS) return undefined;
    const neededBytes = 2 * bytes + LIMITS.storeFreeBytes;
    const freeBytes = this.#ask(this.#folder) ?? Number.POSITIVE_INFINITY;
    this.#appendsLeft = freeBytes - neededBytes > PLENTY_BYTES ? LOOK_APPENDS : 0;
    // Others write on this disk too.
    this.#spareBytes = (freeBytes - neededBytes) / 2;
    this.#lookedMs = performance.now();
    return freeBytes >= neededBytes ? undefined : { freeBytes, neededBytes };
  }

  /** Before an append of so many bytes. @throws ResproutError STORE_IO when there is not enough space; nothing was written */
  take(bytes: number): void {
    const lack = this.lackFor(bytes);
    if (lack !== undefined) throw noSpace(this.#folder, lack);
    this.#appendsLeft--;
    this.#spareBytes -= 2 * bytes;
  }
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
