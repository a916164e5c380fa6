import { realClock } from '../../platform/time/clock.ts';
import type { Pieces, Wanted } from '../child/files/entries.ts';
import type { FileProgress } from './options.ts';

const EVERY_MS = 100;

/** Counts what passes, and tells who wants to know. */
export class Progress {
  readonly #tell: ((progress: FileProgress) => void) | undefined;
  readonly #fileTotal: number;
  readonly #bytesTotal: number;
  #path = '';
  #files = 0;
  #bytes = 0;
  #toldMs = Number.NEGATIVE_INFINITY;

  constructor(wanted: readonly Wanted[], tell: ((progress: FileProgress) => void) | undefined) {
    this.#tell = tell;
    this.#fileTotal = wanted.length;
    this.#bytesTotal = wanted.reduce((sum, { bytes, offset }) => sum + bytes - offset, 0);
  }

  /** Bytes that have passed. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The steps of a stream as they pass. */
  async *watch(steps: AsyncIterable<Pieces>): AsyncGenerator<Pieces> {
    for await (const pieces of steps) {
      for (const piece of pieces) {
        if (piece.t === 'file') this.#path = piece.path;
        else if (piece.t === 'data') this.#bytes += piece.bytes.length;
        else this.#files++;
      }
      yield pieces;
      if (realClock.monotonicMs() - this.#toldMs >= EVERY_MS) this.end();
    }
  }

  /** Tells where it is. */
  end(): void {
    this.#toldMs = realClock.monotonicMs();
    this.#tell?.({
      path: this.#path,
      fileCount: this.#files,
      fileTotal: this.#fileTotal,
      bytes: this.#bytes,
      bytesTotal: this.#bytesTotal,
    });
  }
}
