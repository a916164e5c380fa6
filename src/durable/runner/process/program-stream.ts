import { Writable } from 'node:stream';

/** What a stream of the program writes to. Gets text as it was written. */
export type Print = (chunk: string | Uint8Array) => void;

/** Node's own figure. Nothing is ever held back here, so `write` is always true. */
const HIGH_WATER_MARK = 16_384;

/** `process.stdout` and `process.stderr` of a program: everything is taken at once, and the callback comes in the next tick. */
export class ProgramStream extends Writable {
  readonly fd: 1 | 2;
  readonly _type = 'pipe';
  /** Streams of the old kind do not end what says so. */
  readonly _isStdio = true;
  readonly #print: Print;

  constructor(fd: 1 | 2, print: Print) {
    super({ decodeStrings: false, highWaterMark: Number.MAX_SAFE_INTEGER, emitClose: false });
    this.fd = fd;
    Object.defineProperty(this, 'writableHighWaterMark', { value: HIGH_WATER_MARK, configurable: true });
    this.#print = print;
  }

  override _write(chunk: string | Uint8Array, encoding: BufferEncoding | 'buffer', done: (error?: Error | null) => void): void {
    const isPlain = typeof chunk !== 'string' || encoding === 'utf8' || encoding === 'buffer';
    this.#print(isPlain ? chunk : Buffer.from(chunk, encoding));
    done();
  }

  /** The streams of a process cannot be closed: what is written afterwards is still taken. */
  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    done(error);
  }

  destroySoon(): void {
    this.destroy();
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }
}
