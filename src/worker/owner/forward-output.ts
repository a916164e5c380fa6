import type { Readable } from 'node:stream';
import type { Clock } from '../../base/seams/clock.ts';
import { readNow } from '../../platform/links/read-now.ts';
import { ByteScrubber } from '../../platform/secrets/byte-scrubber.ts';
import type { KnownSecrets } from '../../platform/secrets/known-secrets.ts';
import type { ByteOutput } from '../run-options.ts';

/** Output of a runner on its way. */
export interface ForwardedOutput {
  /** Resolves when the stream has ended and everything was handed over. */
  readonly done: Promise<void>;
  /** Whether the output takes nothing at the moment, so that waiting makes sense. */
  isBlocked(): boolean;
  /** Hands on what lies in the pipe at this moment, as far as the output takes it: text is seen before what came after it is committed. */
  takeNow(): void;
}

/** Enough for any pipe; a child of the program may write for ever. */
const MOST_PIECES = 32;

/**
 * Hands the bytes of a stream on, in order and unchanged but for secrets that are known by then; a slow output makes the stream wait. Without an
 * output they are read and dropped.
 * @param keep gets all of them, whether somebody takes them or not
 */
export function forwardOutput(
  stream: Readable,
  output: ByteOutput | undefined,
  keep: (bytes: Uint8Array) => void,
  { secrets, clock }: { readonly secrets: KnownSecrets; readonly clock: Clock },
): ForwardedOutput {
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
  const hand = (bytes: Uint8Array): void => {
    keep(bytes);
    if (output === undefined || isGone || output.destroyed === true || output.write(bytes)) return;
    isWaiting = true;
    stream.pause();
    output.once('drain', goOn);
    if (isWatched) return;
    isWatched = true;
    output.once('close', gone);
    output.once('error', gone);
  };
  const scrubber = new ByteScrubber(secrets, clock, hand);
  stream.on('data', (bytes: Uint8Array) => scrubber.push(bytes));
  for (const end of ['end', 'close']) stream.on(end, () => scrubber.flush());
  stream.on('error', () => {});
  return {
    done: new Promise((resolve) => {
      stream.on('end', resolve);
      stream.on('close', resolve);
    }),
    isBlocked: () => isWaiting && !isGone && output?.destroyed !== true,
    takeNow() {
      for (let piece = 0; piece < MOST_PIECES && !isWaiting && stream.readableLength === 0; piece++) {
        const bytes = readNow(stream);
        if (bytes === undefined) return;
        scrubber.push(bytes);
      }
    },
  };
}
