import type { Writable } from 'node:stream';
import { isSecret } from '../../../base/secret.ts';
import type { CommandOrder } from './order.ts';

/** Resolves when a pipe takes more, or nothing any more. */
function drained(pipe: Writable): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      pipe.off('drain', done);
      pipe.off('close', done);
      resolve();
    };
    pipe.on('drain', done);
    pipe.on('close', done);
  });
}

/** Writes what a command reads into its pipe, at its pace. A command that does not read to the end is none of our business. */
export async function feed(pipe: Writable, input: NonNullable<CommandOrder['input']>): Promise<void> {
  pipe.on('error', () => {
    // EPIPE: it has ended, or reads no more.
  });
  if (typeof input === 'string' || input instanceof Uint8Array) {
    pipe.end(input);
    return;
  }
  if (isSecret(input)) {
    pipe.end(input.reveal());
    return;
  }
  const pieces = input[Symbol.asyncIterator]();
  // Whoever sends is told that nobody reads any more, also while it has nothing to send.
  pipe.once('close', () => void pieces.return?.());
  for (let piece = await pieces.next(); piece.done !== true; piece = await pieces.next()) {
    if (pipe.destroyed) return;
    if (!pipe.write(piece.value)) await drained(pipe);
  }
  pipe.end();
}
