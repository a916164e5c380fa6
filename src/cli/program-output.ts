// The program's own stdout and stderr on their way to ours: byte for byte, or above the live region where both are one terminal.
import type { ByteOutput } from '../worker/index.ts';
import type { LiveRegion } from './render/live-region.ts';

/** Bytes into whole lines above a live region. The terminal decodes; a piece of a character is kept until the rest comes. */
class LinesAbove implements ByteOutput {
  readonly #region: LiveRegion;
  readonly #decoder = new TextDecoder();
  #rest = '';

  constructor(region: LiveRegion) {
    this.#region = region;
  }

  write(bytes: Uint8Array): boolean {
    const text = this.#rest + this.#decoder.decode(bytes, { stream: true });
    const end = text.lastIndexOf('\n') + 1;
    this.#rest = text.slice(end);
    this.#region.above(text.slice(0, end));
    return true;
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
  /** Prints a last line that had no end. */
  end(): void;
}

/** @param region the live region, when there is one. @param json the program's stdout goes to stderr */
export function programOutput(
  streams: { readonly stdout: NodeJS.WriteStream; readonly stderr: NodeJS.WriteStream },
  region: LiveRegion | undefined,
  json: boolean,
): ProgramOutput {
  const out = json ? streams.stderr : streams.stdout;
  if (region === undefined) return { stdout: out, stderr: streams.stderr, end: () => {} };
  const errLines = new LinesAbove(region);
  const outLines = new LinesAbove(region);
  return {
    stdout: out.isTTY ? outLines : out,
    stderr: errLines,
    end: () => {
      outLines.end();
      errLines.end();
    },
  };
}
