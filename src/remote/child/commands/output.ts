// What a command writes, read piece by piece: nothing is taken from the pipe that nobody asked for.
import type { Readable } from 'node:stream';

/** How long an output may be silent after the command has ended: a process that it left may hold it open for ever. */
const SILENT_MS = 300;

/** One output of a command. */
export class Output {
  readonly #stream: Readable;
  #hasEnded = false;
  #hasExited = false;
  #wake: (() => void) | undefined;
  /** Called when the command ends while somebody waits here. */
  #onExit: (() => void) | undefined;

  /** @param exited settles when the command itself has ended */
  constructor(stream: Readable, exited: Promise<unknown>) {
    this.#stream = stream;
    void exited.then(() => {
      this.#hasExited = true;
      this.#onExit?.();
    });
    const end = (): void => {
      this.#hasEnded = true;
      this.#wake?.();
    };
    stream.on('readable', () => this.#wake?.());
    stream.on('end', end);
    stream.on('close', end);
    stream.on('error', end);
  }

  /** The next piece; undefined at its end. One reader at a time. */
  async next(): Promise<Uint8Array | undefined> {
    for (;;) {
      const piece = this.#stream.read() as Uint8Array | null;
      if (piece !== null) return piece;
      if (this.#hasEnded) return undefined;
      await this.#change();
    }
  }

  /** Gives up reading. */
  close(): void {
    this.#stream.destroy();
    this.#hasEnded = true;
    this.#wake?.();
  }

  /** Resolves when there may be something to read, and ends an output that stays silent. */
  #change(): Promise<void> {
    return new Promise((resolve) => {
      let timer: NodeJS.Timeout | undefined;
      const done = (): void => {
        clearTimeout(timer);
        this.#wake = this.#onExit = undefined;
        resolve();
      };
      const endSilence = (): void => {
        timer = setTimeout(() => this.close(), SILENT_MS);
      };
      this.#wake = done;
      if (this.#hasExited) endSilence();
      else this.#onExit = endSilence;
    });
  }
}
