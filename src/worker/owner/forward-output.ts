import type { Readable } from 'node:stream';
import type { ByteOutput } from '../run-options.ts';

/**
 * Hands the bytes of a stream on, unchanged and in order; a slow output makes the stream wait. Without an output they are read and dropped.
 * Resolves when the stream has ended and everything was handed over.
 */
export function forwardOutput(stream: Readable, output: ByteOutput | undefined): Promise<void> {
  return new Promise((resolve) => {
    stream.on('data', (bytes: Uint8Array) => {
      if (output === undefined || output.write(bytes)) return;
      stream.pause();
      output.once('drain', () => stream.resume());
    });
    stream.on('end', resolve);
    stream.on('close', resolve);
    stream.on('error', () => resolve());
  });
}
