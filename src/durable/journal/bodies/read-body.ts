// Reads one body to its end, within a limit, stoppable.

/** Where the bytes come from. */
export type BodySource =
  | { readonly kind: 'web'; readonly body: unknown }
  | { readonly kind: 'blob'; readonly blob: Blob }
  | { readonly kind: 'stream'; readonly stream: object; readonly pieceBytes: (piece: unknown) => Uint8Array | undefined };

/** One reader over all sources. */
interface Pieces {
  /** The next bytes; undefined at the end. */
  next(): Promise<Uint8Array | undefined>;
  /** Gives the source up. Never throws. */
  cancel(): void;
}

interface WebReader {
  read(): Promise<{ readonly done: boolean; readonly value?: unknown }>;
  cancel(): Promise<void>;
}

const ignore = (): void => {};

/** The whole body; undefined when it is longer than `limitBytes`, the rest of it is then given up. */
export async function readBody(source: BodySource, limitBytes: number, signal: AbortSignal | undefined): Promise<Uint8Array | undefined> {
  signal?.throwIfAborted();
  if (source.kind === 'blob') return source.blob.size > limitBytes ? undefined : new Uint8Array(await source.blob.arrayBuffer());
  const pieces = source.kind === 'web' ? webPieces(source.body) : streamPieces(source.stream, source.pieceBytes);
  const stopped = whenAborted(signal);
  let isComplete = false;
  try {
    const all: Uint8Array[] = [];
    let total = 0;
    for (;;) {
      const piece = await Promise.race([pieces.next(), stopped.promise]);
      if (piece === undefined) break;
      total += piece.length;
      if (total > limitBytes) return undefined;
      all.push(piece);
    }
    isComplete = true;
    return joined(all, total);
  } finally {
    stopped.release();
    if (!isComplete) pieces.cancel();
  }
}

function whenAborted(signal: AbortSignal | undefined): { readonly promise: Promise<never>; release(): void } {
  let release = ignore;
  const promise = new Promise<never>((_, reject) => {
    if (signal === undefined) return;
    const stop = (): void => reject(signal.reason instanceof Error ? signal.reason : new Error('aborted', { cause: signal.reason }));
    signal.addEventListener('abort', stop, { once: true });
    release = () => signal.removeEventListener('abort', stop);
  });
  // Whoever races sees the rejection; when nobody does any more it is nobody's.
  promise.catch(ignore);
  return { promise, release: () => release() };
}

function hasMethod<Name extends string>(value: unknown, name: Name): value is Readonly<Record<Name, (...args: never) => unknown>> {
  return (
    typeof value === 'object' && value !== null && name in value && typeof (value as Readonly<Record<Name, unknown>>)[name] === 'function'
  );
}

function webPieces(body: unknown): Pieces {
  if (!hasMethod(body, 'getReader')) throw new TypeError('the body of a result is not a stream');
  const reader = (body as unknown as { getReader(): WebReader }).getReader();
  return {
    async next() {
      const { done, value } = await reader.read();
      if (done) return undefined;
      if (!(value instanceof Uint8Array)) throw new TypeError('the body of a result gave a piece that is not bytes');
      return value;
    },
    cancel: () => void reader.cancel().catch(ignore),
  };
}

function streamPieces(stream: object, pieceBytes: (piece: unknown) => Uint8Array | undefined): Pieces {
  const iterator = (stream as AsyncIterable<unknown>)[Symbol.asyncIterator]();
  return {
    async next() {
      const step = await iterator.next();
      if (step.done === true) return undefined;
      const bytes = pieceBytes(step.value);
      if (bytes === undefined) throw new TypeError('a stream of a result gave a piece that is neither text nor bytes');
      return bytes;
    },
    cancel() {
      // return() of the iterator would wait for the piece that is under way.
      if (hasMethod(stream, 'destroy')) (stream as unknown as { destroy(): void }).destroy();
      else void iterator.return?.().catch(ignore);
    },
  };
}

function joined(pieces: readonly Uint8Array[], total: number): Uint8Array {
  const bytes = new Uint8Array(total);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
