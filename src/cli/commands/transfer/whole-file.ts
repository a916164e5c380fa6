import { closeSync, fsyncSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';

/**
 * A file that is written piece by piece and there when it is whole: until `keep` it has another name. Only its user may read it. What is no ordinary
 * file (a pipe, /dev/null) is written to as it is. Errors are those of the system.
 */
export class WholeFile implements AsyncDisposable {
  readonly #path: string;
  readonly #written: string;
  readonly #fd: number;
  #isOpen = true;

  private constructor(path: string, written: string, fd: number) {
    this.#path = path;
    this.#written = written;
    this.#fd = fd;
  }

  static open(path: string): WholeFile {
    const isOther = statSync(path, { throwIfNoEntry: false })?.isFile() === false;
    const written = isOther ? path : `${path}.${process.pid}.part`;
    return new WholeFile(path, written, openSync(written, isOther ? 'w' : 'wx', 0o600));
  }

  write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) at += writeSync(this.#fd, bytes, at);
  }

  /** The file gets its name, and is on the disk. */
  keep(): void {
    if (this.#written !== this.#path) fsyncSync(this.#fd);
    this.#close();
    if (this.#written !== this.#path) renameSync(this.#written, this.#path);
  }

  /** Without `keep` nothing is left. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isOpen) return;
    this.#close();
    if (this.#written !== this.#path) rmSync(this.#written, { force: true });
  }

  #close(): void {
    this.#isOpen = false;
    closeSync(this.#fd);
  }
}
