// How many events a sealed session has had, with a proof that only the key can make: rows that were cut off at the end are missed, also by somebody
// who knows how the database says where a session ends. Made before the first row and synced; then written over after each answer and not
// synced, so that it may be behind the journal and is never ahead of it. A copy of it that is put back with an older copy of the journal is the
// one thing that it cannot tell.
import { closeSync, constants, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { errnoOf } from '../../../platform/errno.ts';
import { createPrivateFile } from '../../../platform/disk/private-file.ts';
import { syncFile } from '../disk/journal-files.ts';
import { damaged } from '../journal-errors.ts';
import type { SessionSeal } from './session-seal.ts';

const DIGITS = 16;
const LOOKS = 5;

const headFile = (folder: string): string => `${folder}/seal.head`;
const textOf = (events: number, seal: SessionSeal): string => `${String(events).padStart(DIGITS, '0')} ${seal.headProof(events)}\n`;

/** The head of a session that this process owns. Owns its descriptor. */
export class SealedHead {
  readonly #fd: number;
  readonly #seal: SessionSeal;
  #isOpen = true;

  /** @throws the system's error */
  constructor(folder: string, seal: SessionSeal) {
    this.#seal = seal;
    this.#fd = openSync(headFile(folder), constants.O_WRONLY | constants.O_NOFOLLOW);
  }

  /** A head that stays behind says less than it could, and nothing that is wrong: nobody fails for it. */
  move(events: number): void {
    try {
      if (this.#isOpen) writeSync(this.#fd, textOf(events, this.#seal), 0);
    } catch {
      // A disk that takes nothing more is told by the next append.
    }
  }

  close(): void {
    if (this.#isOpen) closeSync(this.#fd);
    this.#isOpen = false;
  }
}

/** Makes the head of a session, anew when there is one; on the medium when it returns. @throws the system's error */
export function makeHead(folder: string, seal: SessionSeal, events: number): void {
  rmSync(headFile(folder), { force: true });
  createPrivateFile(headFile(folder), Buffer.from(textOf(events, seal)));
  syncFile(folder);
}

function textIn(folder: string, seal: SessionSeal): string {
  try {
    return readFileSync(headFile(folder), 'latin1');
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
    throw damaged(seal.id, 0, 'seal.head is missing, which every sealed session has');
  }
}

/** How many events a session must have at least. @throws ResproutError JOURNAL_CORRUPT when its head is not there, or was not made with its key */
export function readHead(folder: string, seal: SessionSeal): number {
  // Its owner may be writing it: half of one text and half of the next one are no proof of anything.
  for (let looks = 0; looks < LOOKS; looks++) {
    const text = textIn(folder, seal);
    const events = /^\d{16} /.test(text) ? Number(text.slice(0, DIGITS)) : Number.NaN;
    if (!Number.isNaN(events) && text === textOf(events, seal)) return events;
  }
  throw damaged(seal.id, 0, 'seal.head was not written with its key');
}

/** @throws ResproutError JOURNAL_CORRUPT when a session has fewer events than its head says */
export function checkCount(seal: SessionSeal, events: number, least: number): void {
  if (events < least) throw damaged(seal.id, events, `its rows end here, and it has had ${least} events`);
}

/** Opens the head of a session that holds so many events; that of a new one is made. @throws ResproutError JOURNAL_CORRUPT */
export function openHead(folder: string, seal: SessionSeal, events: number): SealedHead {
  if (events === 0) makeHead(folder, seal, 0);
  checkCount(seal, events, readHead(folder, seal));
  return new SealedHead(folder, seal);
}
