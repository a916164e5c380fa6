// What a program prints: into its log, or to where this program prints, and looked at until it says that it is ready.
import type { Readable, Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/** A line that grows without end is looked at in pieces of this length. */
const MOST_LINE = 65_536;

/** Looks for a line. */
export class LineWatch {
  readonly #pattern: RegExp;
  readonly #onFound: () => void;
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';
  #isOn = true;

  constructor(pattern: RegExp, onFound: () => void) {
    // One that is global or sticky remembers where it was.
    this.#pattern = new RegExp(pattern.source, pattern.flags.replaceAll(/[gy]/g, ''));
    this.#onFound = onFound;
  }

  push(bytes: Uint8Array): void {
    if (!this.#isOn) return;
    const lines = (this.#rest + this.#decoder.write(Buffer.from(bytes))).split('\n');
    const rest = lines.pop() ?? '';
    if (rest.length >= MOST_LINE) lines.push(rest);
    this.#rest = rest.length >= MOST_LINE ? '' : rest;
    // A prompt has no end of line.
    if (![...lines, this.#rest].some((line) => this.#pattern.test(line))) return;
    this.#isOn = false;
    this.#onFound();
  }
}

/** Where pieces go. */
export interface OutputTo {
  /** Takes a piece; throws what is wrong with the disk. */
  readonly log?: ((bytes: Uint8Array) => void) | undefined;
  readonly watch?: LineWatch | undefined;
  /** Where it goes without a log. */
  readonly own: Writable;
}

/** Reads a pipe to its end. @param onError told when the log could not be written; the pipe is read on */
export function readOutput(pipe: Readable, { log, own, watch }: OutputTo, onError: (error: unknown) => void): void {
  pipe.on('data', (bytes: Uint8Array) => {
    watch?.push(bytes);
    if (log === undefined) return;
    try {
      log(bytes);
    } catch (error) {
      onError(error);
    }
  });
  if (log === undefined) pipe.pipe(own, { end: false });
}
