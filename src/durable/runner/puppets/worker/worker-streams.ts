import { Readable, Writable } from 'node:stream';
import type { Conversation } from '../../../replay/objects/conversation.ts';

/** Output of a worker in the program. What arrives is not asked for. @param forward where it is written too */
export function outputOf(forward: NodeJS.WritableStream | undefined): Readable {
  const stream = new Readable({ read: () => undefined });
  if (forward !== undefined) stream.on('data', (chunk: Uint8Array) => forward.write(chunk));
  return stream;
}

/** The standard input of a worker in the program. @param native that of the worker, when there is one @param onWrite something is written */
export function inputOf(conversation: Conversation, native: () => Writable | null | undefined, onWrite: () => void): Writable {
  return new Writable({
    write: (chunk: Uint8Array, _encoding, done) => {
      onWrite();
      conversation.effect('stdin', chunk.length, () => native()?.write(chunk));
      done();
    },
    final: (done) => {
      onWrite();
      conversation.effect('end of stdin', 0, () => native()?.end());
      done();
    },
  });
}
