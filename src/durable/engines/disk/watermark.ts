// How many events a journal has had, in a file of its own: SQLite drops what follows a damaged part of its log without a word, and a file
// can be put back from an older copy. Written after the answer to each commit and never synced, so it may be behind the journal and never ahead of it.
import { closeSync, constants, openSync, readFileSync, writeSync } from 'node:fs';
import { ResproutError } from '../../../base/errors/errors.ts';
import { errnoOf } from '../../../platform/errno.ts';

const DIGITS = 16;

/** The watermark of one generation. Owns its descriptor. */
export class Watermark {
  readonly #fd: number;
  #isOpen = true;

  /** @param events what the journal holds now @throws ResproutError JOURNAL_CORRUPT when it, or the generation it was copied from, has held more */
  constructor(folder: string, generation: number, events: number) {
    for (const file of [markFile(folder, generation - 1), markFile(folder, generation)]) {
      const marked = readMark(file);
      if (marked > events) throw lostEvents(folder, file, events, marked);
    }
    this.#fd = openSync(markFile(folder, generation), constants.O_WRONLY | constants.O_CREAT | constants.O_NOFOLLOW, 0o600);
    this.move(events);
  }

  move(events: number): void {
    if (this.#isOpen) writeSync(this.#fd, String(events).padStart(DIGITS, '0'), 0);
  }

  close(): void {
    if (this.#isOpen) closeSync(this.#fd);
    this.#isOpen = false;
  }
}

function markFile(folder: string, generation: number): string {
  return `${folder}/journal-${generation}.mark`;
}

/** A file that is missing, or that a power cut has left empty or torn, says nothing. */
function readMark(file: string): number {
  let text = '';
  try {
    text = readFileSync(file, 'latin1');
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
  }
  return /^\d{16}$/.test(text) ? Number(text) : 0;
}

function lostEvents(folder: string, file: string, events: number, marked: number): ResproutError {
  return new ResproutError('JOURNAL_CORRUPT', `the journal in ${folder} has lost events: it holds ${events} and has held ${marked}`, {
    tried: `open the journal in ${folder}`,
    saw: `${events} events, and ${marked} were answered`,
    do: `Restore the store from a copy; if this journal is such a copy, remove ${file}`,
  });
}
