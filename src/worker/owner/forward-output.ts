import type { Readable } from 'node:stream';
import type { ByteOutput } from '../run-options.ts';

/** Output of a runner on its way. */
export interface ForwardedOutput {
  /** Resolves when the stream has ended and everything was handed over. */
  readonly done: Promise<void>;
  /** Whether the output takes nothing at the moment, so that waiting makes sense. */
  isBlocked(): boolean;
}

/**
 * Hands the bytes of a stream on, unchanged and in order; a slow output makes the stream wait. Without an output they are read and dropped.
 */
export function forwardOutput(stream: Readable, output: ByteOutput | undefined): ForwardedOutput {
  let isWaiting = false;
  let isWatched = false;
  // Node's own stdout does not stay `destroyed` when its reader has gone, and never drains.
  let isGone = false;
  const goOn = (): void => {
    isWaiting = false;
    stream.resume();
  };
  const gone = (): void => {
    isGone = true;
    goOn();
  };
  stream.on('data', (bytes: Uint8Array) => {
    if (output === undefined || isGone || output.destroyed === true || output.write(bytes)) return;
    isWaiting = true;
    stream.pause();
    output.once('drain', goOn);
    if (isWatched) return;
    isWatched = true;
    output.once('close', gone);
    output.once('error', gone);
  });
  stream.on('error', () => {});
  return {
    done: new Promise((resolve) => {
      stream.on('end', resolve);
      stream.on('close', resolve);
    }),
    isBlocked: () => isWaiting && !isGone && output?.destroyed !== true,
  };
}
