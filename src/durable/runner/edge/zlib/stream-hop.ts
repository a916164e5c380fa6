// One compressing or decompressing stream of a program. Its own native half does the work; what that gives is kept back until its turn.
// 1. Node's code gives output by `push`, errors by `destroy` and the end of a step by a callback: while a step is under way, the first two
//    are caught, when it is the native half that calls.
// 2. A step that gives much is cut: the rest is asked for when the program has taken what there is.
import { executionAsyncResource } from 'node:async_hooks';
import type { Transform } from 'node:stream';
import type { Session } from '../../../replay/session/session-api.ts';

/** A stream of node:zlib. */
export type ZlibStream = Transform & { bytesWritten: number };
type Finish = (error?: Error | null) => void;

/** What one step gave. */
interface Step {
  readonly chunks: readonly Uint8Array[];
  readonly bytesWritten: number;
  readonly how: 'done' | 'more' | 'ended' | 'failed';
  readonly error?: Error | null | undefined;
}

/** A step that gave so much waits for the program. */
const MOST_BYTES = 1024 * 1024;

/** Whether a native half of node:zlib calls, and not the program: only those run as the reaction of such a handle. */
function isNativeCall(): boolean {
  const { constructor }: { constructor?: unknown } = executionAsyncResource();
  return typeof constructor === 'function' && /^(Zlib|Brotli|Zstd)/.test(constructor.name);
}

/** The steps of one stream. */
export class StreamHop {
  readonly #stream: ZlibStream;
  readonly #push: ZlibStream['push'];
  readonly #destroy: ZlibStream['destroy'];
  #chunks: Uint8Array[] = [];
  #bytes = 0;
  #finish: ((how: Step['how'], error?: Error | null) => void) | undefined;
  /** What the native half has taken, and what of it the program knows of. */
  #taken: number;
  #told: number;

  constructor(stream: ZlibStream) {
    this.#stream = stream;
    this.#push = stream.push;
    this.#destroy = stream.destroy;
    this.#taken = stream.bytesWritten;
    this.#told = this.#taken;
    const own = <T>(key: string, value: T): void => {
      Object.defineProperty(stream, key, { value, writable: true, configurable: true, enumerable: false });
    };
    own('push', (chunk: Uint8Array | null, encoding?: BufferEncoding): boolean =>
      isNativeCall() ? this.#caught(chunk) : this.#push.call(stream, chunk, encoding),
    );
    own('destroy', (error?: Error): ZlibStream => {
      if (!isNativeCall()) return this.#destroy.call(stream, error) as ZlibStream;
      this.#finish?.('failed', error ?? null);
      return stream;
    });
    Object.defineProperty(stream, 'bytesWritten', {
      configurable: true,
      enumerable: true,
      get: () => (isNativeCall() ? this.#taken : this.#told),
      set: (bytes: number) => {
        this.#taken = bytes;
        if (!isNativeCall()) this.#told = bytes;
      },
    });
  }

  #caught(chunk: Uint8Array | null): boolean {
    if (chunk === null) {
      this.#finish?.('ended');
      return false;
    }
    this.#chunks.push(chunk);
    this.#bytes += chunk.byteLength;
    if (this.#bytes < MOST_BYTES) return true;
    // Node's code now waits for `_read`, which it has set when this returns.
    queueMicrotask(() => this.#finish?.('more'));
    return false;
  }

  /** Does a step. @param start begins it, and calls back when it is done @param callback of the stream: the step is over */
  run(session: Session, start: (done: Finish) => void, callback: Finish): void {
    session.world.hop<Step>(
      (done) => {
        this.#chunks = [];
        this.#bytes = 0;
        this.#finish = (how, error) => {
          this.#finish = undefined;
          done({ chunks: this.#chunks, bytesWritten: this.#taken, how, error });
        };
        start((error) => this.#finish?.('done', error));
      },
      (step) => this.#take(session, step, callback),
    );
  }

  #take(session: Session, { chunks, bytesWritten, how, error }: Step, callback: Finish): void {
    const stream = this.#stream;
    this.#told = bytesWritten;
    if (stream.destroyed) return how === 'done' ? callback(error) : undefined;
    let isWanted = true;
    for (const chunk of chunks) isWanted = this.#push.call(stream, chunk);
    switch (how) {
      case 'done':
        return callback(error);
      case 'ended':
        this.#push.call(stream, null);
        return undefined;
      case 'failed':
        this.#destroy.call(stream, error ?? undefined);
        return undefined;
      case 'more':
        return this.#goOn(session, isWanted, callback);
    }
  }

  /** @param isWanted the program takes more at once */
  #goOn(session: Session, isWanted: boolean, callback: Finish): void {
    const stream = this.#stream;
    const read = stream._read;
    const go = (size: number): void => {
      if (stream._read === go) stream._read = read;
      // The callback of the first step belongs to the native half until the work is done: it is caught again.
      this.#again(session, () => read.call(stream, size), callback);
    };
    if (isWanted) go(stream.readableHighWaterMark);
    else stream._read = go;
  }

  #again(session: Session, start: () => void, callback: Finish): void {
    this.run(session, start, callback);
  }
}
