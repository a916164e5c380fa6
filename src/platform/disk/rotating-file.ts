import { renameSync } from 'node:fs';
import { errnoOf } from '../errno.ts';
import { AppendedFile } from './appended-file.ts';

/** A file that grows at its end and is put away when it is large: `web.log`, `web.log.1`, `web.log.2`, the last one the oldest. */
export class RotatingFile {
  readonly #path: string;
  readonly #mostBytes: number;
  readonly #keep: number;
  #file: AppendedFile;

  /** @param mostBytes of one file @param keep how many are kept besides @throws the system's error */
  constructor(path: string, mostBytes: number, keep: number) {
    this.#path = path;
    this.#mostBytes = mostBytes;
    this.#keep = keep;
    this.#file = new AppendedFile(path);
  }

  /** A piece is never cut. @throws the system's error */
  append(bytes: Uint8Array): void {
    if (this.#file.bytes > 0 && this.#file.bytes + bytes.length > this.#mostBytes) this.#rotate();
    this.#file.append(bytes);
  }

  close(): void {
    this.#file.close();
  }

  #rotate(): void {
    this.#file.close();
    for (let n = this.#keep - 1; n >= 0; n--) {
      try {
        renameSync(n === 0 ? this.#path : `${this.#path}.${n}`, `${this.#path}.${n + 1}`);
      } catch (error) {
        if (errnoOf(error) !== 'ENOENT') throw error;
      }
    }
    this.#file = new AppendedFile(this.#path);
  }
}
