// The half outside of a descriptor: an open file of this process. Used outside of sessions only.
// 1. A file that this process opened keeps its position in the kernel.
// 2. One that was opened again after a crash keeps it here, since the kernel's would begin at 0: what has no position of its own goes one after
//    the other then.
// 3. The first appends to one that was opened again look whether they happened before the crash: where nobody else writes, the size tells.
import { called, real, type FsFunction } from '../real-fs.ts';

/** Where a file that was opened again goes on. */
export interface FileState {
  readonly position: number;
  /** Size as the program knows it; undefined for a file that is not appended to. */
  readonly size: number | undefined;
}

type Position = number | bigint | null;

const asFunction = (fn: unknown): FsFunction => fn as FsFunction;

/** An open file. */
export class NativeFile {
  readonly fd: number;
  #position: number | undefined;
  /** Size before the next append; undefined when no append can have happened before. */
  #size: number | undefined;
  #last: Promise<unknown> = Promise.resolve();
  /** What runs on other threads now. */
  #running = 0;
  #isDropped = false;
  /** Closed once: its number may be another file's afterwards. */
  #isClosed = false;

  /** @param again for a file that was opened again */
  constructor(fd: number, again?: FileState) {
    this.fd = fd;
    this.#position = again?.position;
    this.#size = again?.size;
  }

  /** Bytes from a position, or from where the file stands. */
  readNow(length: number, at: Position): Buffer {
    const buffer = Buffer.allocUnsafeSlow(length);
    const read = real.readSync(this.fd, buffer, 0, length, this.#place(at));
    this.#advance(at, read);
    return buffer.subarray(0, read);
  }

  async read(length: number, at: Position): Promise<Buffer> {
    return await this.#inTurn(at, async () => {
      const buffer = Buffer.allocUnsafeSlow(length);
      const read = Number(await this.use(real.read, [buffer, 0, length, this.#place(at)]));
      this.#advance(at, read);
      return buffer.subarray(0, read);
    });
  }

  /** @returns how many bytes were written */
  writeNow(bytes: Uint8Array, at: number | null): number {
    if (this.#isThere(bytes)) return bytes.length;
    const written = real.writeSync(this.fd, bytes, 0, bytes.length, this.#writePlace(at));
    this.#advance(at, written);
    return written;
  }

  async write(bytes: Uint8Array, at: number | null): Promise<number> {
    return await this.#inTurn(at, async () => {
      if (this.#isThere(bytes)) return bytes.length;
      const written = Number(await this.use(real.write, [bytes, 0, bytes.length, this.#writePlace(at)]));
      this.#advance(at, written);
      return written;
    });
  }

  /** Calls a function of node:fs with this descriptor, in the way of callbacks. */
  async use(fn: unknown, args: readonly unknown[]): Promise<unknown> {
    this.#running++;
    try {
      return await called(asFunction(fn), [this.fd, ...args]);
    } finally {
      this.#running--;
      if (this.#isDropped && this.#running === 0) this.closeNow();
    }
  }

  closeNow(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    real.closeSync(this.fd);
  }

  /** Closes it once nothing uses it any more. */
  drop(): void {
    this.#isDropped = true;
    if (this.#running === 0) this.closeNow();
  }

  async closeLater(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await called(asFunction(real.close), [this.fd]);
  }

  #place(at: Position): Position {
    return at === null && this.#position !== undefined ? this.#position : at;
  }

  /** Writes to the end have no place, and neither has what the kernel places. */
  #writePlace(at: number | null): number | null {
    return at ?? this.#position ?? null;
  }

  #advance(at: Position, count: number): void {
    if (at === null && this.#position !== undefined) this.#position += count;
  }

  async #inTurn<T>(at: Position, run: () => Promise<T>): Promise<T> {
    if (at !== null || (this.#position === undefined && this.#size === undefined)) return await run();
    const before = this.#last;
    const done = (async () => {
      await before.catch(() => undefined);
      return await run();
    })();
    this.#last = done.catch(() => undefined);
    return await done;
  }

  /** Whether an append whose outcome is unknown has happened: the file has grown by it, and its end is these bytes. */
  #isThere(bytes: Uint8Array): boolean {
    const size = this.#size;
    if (size === undefined) return false;
    const isThere = bytes.length > 0 && real.fstatSync(this.fd).size >= size + bytes.length && this.#holds(bytes, size);
    this.#size = isThere ? size + bytes.length : undefined;
    return isThere;
  }

  #holds(bytes: Uint8Array, at: number): boolean {
    const there = Buffer.allocUnsafeSlow(bytes.length);
    try {
      return real.readSync(this.fd, there, 0, bytes.length, at) === bytes.length && there.equals(bytes);
    } catch {
      // Opened for writing alone: its size has to do.
      return real.fstatSync(this.fd).size === at + bytes.length;
    }
  }
}
