import { closeSync, constants, fstatSync, openSync, renameSync, writeSync } from 'node:fs';

const FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | constants.O_NOFOLLOW;

/** A file that grows at its end, mode 0600, never through a link. Nothing is synced. */
export class AppendedFile {
  readonly #fd: number;
  #bytes: number;
  #isOpen = true;

  /** @param putAway a name under which the file of before is kept; without it the file goes on. @throws the system's error */
  constructor(path: string, putAway?: string) {
    if (putAway !== undefined) renameSync(path, putAway);
    this.#fd = openSync(path, FLAGS, 0o600);
    this.#bytes = fstatSync(this.#fd).size;
  }

  /** How large it is. */
  get bytes(): number {
    return this.#bytes;
  }

  /** @throws the system's error; a part may have been written */
  append(piece: string | Uint8Array): void {
    const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
    for (let written = 0; written < bytes.length;) written += writeSync(this.#fd, bytes, written);
    this.#bytes += bytes.length;
  }

  close(): void {
    if (this.#isOpen) closeSync(this.#fd);
    this.#isOpen = false;
  }
}
