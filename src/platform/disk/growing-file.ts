import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { errnoOf } from '../errno.ts';

const PIECE_BYTES = 64 * 1024;

/** A file that others write to the end of, read as it grows. */
export class GrowingFile {
  /** What tells this file from another one of the same name. */
  readonly identity: string;
  readonly #fd: number;
  #at = 0;
  #isOpen = true;

  private constructor(fd: number) {
    this.#fd = fd;
    const { dev, ino } = fstatSync(fd, { bigint: true });
    this.identity = `${String(dev)}:${String(ino)}`;
  }

  /** Undefined when there is none. @throws the system's error, ELOOP for a link */
  static open(path: string): GrowingFile | undefined {
    try {
      return new GrowingFile(openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW));
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** What has come since the last call. @throws the system's error */
  next(): Uint8Array {
    const pieces: Uint8Array[] = [];
    for (;;) {
      const piece = Buffer.allocUnsafe(PIECE_BYTES);
      const read = readSync(this.#fd, piece, 0, PIECE_BYTES, this.#at);
      this.#at += read;
      if (read > 0) pieces.push(piece.subarray(0, read));
      if (read < PIECE_BYTES) return Buffer.concat(pieces);
    }
  }

  close(): void {
    if (this.#isOpen) closeSync(this.#fd);
    this.#isOpen = false;
  }
}
