// The program's own stdout and stderr on their way to ours: byte for byte, or above the live region where both are one terminal.
import { fstatSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import type { ByteOutput } from '../../worker/index.ts';
import type { LiveRegion } from '../render/live-region.ts';
import { safeLine } from '../render/text/safe-text.ts';

/** Bytes into whole lines above a live region. The terminal decodes; a piece of a character is kept until the rest comes. */
class LinesAbove implements ByteOutput {
  readonly #region: LiveRegion;
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  #rest = '';

  constructor(region: LiveRegion) {
    this.#region = region;
  }

  /** What a progress line shows now: the text since the last line end or carriage return, without what would move the cursor. */
  get open(): string {
    const text = this.#rest.replace(/\r$/, '');
    return safeLine(stripVTControlCharacters(text.slice(text.lastIndexOf('\r') + 1)));
  }

  write(bytes: Uint8Array): boolean {
    const text = this.#rest + this.#decoder.decode(bytes, { stream: true });
    if (this.#region.isLent) {
      this.#region.asIs(text);
      this.#rest = '';
      return true;
    }
    const end = text.lastIndexOf('\n') + 1;
    this.#rest = text.slice(end);
    this.#region.above(text.slice(0, end));
    return true;
  }

  /** The program has the terminal from now on: the line that it has begun, a question mostly, stands where it goes on. */
  giveOpen(): void {
    this.#region.asIs(this.#rest);
    this.#rest = '';
  }

  once(): void {
    // A terminal takes everything: there is nothing to wait for.
  }

  end(): void {
    this.#region.above(this.#rest);
    this.#rest = '';
  }
}

export interface ProgramOutput {
  readonly stdout: ByteOutput;
  readonly stderr: ByteOutput;
  /** Lines that the program has begun and not ended; the live region shows them. */
  openLines(): readonly string[];
  /** Prints the begun lines as they are: the program has the terminal now. */
  giveOpen(): void;
  /** Prints a last line that had no end. */
  end(): void;
}

type Streams = { readonly stdout: NodeJS.WriteStream; readonly stderr: NodeJS.WriteStream };

/** @param region the live region, when there is one. @param json the program's stdout goes to stderr */
export function programOutput(streams: Streams, region: LiveRegion | undefined, json: boolean): ProgramOutput {
  const out = json ? streams.stderr : streams.stdout;
  if (region === undefined) return { stdout: out, stderr: streams.stderr, openLines: () => [], giveOpen: () => {}, end: () => {} };
  const errLines = new LinesAbove(region);
  const outLines = new LinesAbove(region);
  const both = [outLines, errLines];
  return {
    stdout: out.isTTY && isOneTerminal() ? outLines : out,
    stderr: errLines,
    openLines: () => both.map((lines) => lines.open).filter((line) => line !== ''),
    giveOpen: () => {
      for (const lines of both) lines.giveOpen();
    },
    end: () => {
      for (const lines of both) lines.end();
    },
  };
}

/** Whether stdout and stderr of this process are the same terminal, so that one writes over the other. */
function isOneTerminal(): boolean {
  return fstatSync(1).rdev === fstatSync(2).rdev;
}
