import { Duplex, Readable, Writable } from 'node:stream';
import type { PipeEnd } from '../../../platform/process/spawner.ts';
import type { ByteSource } from '../method.ts';

/** A pipe of a child that is read. @throws TypeError for one that cannot be */
export function readablePipe(pipe: PipeEnd | undefined): Readable {
  if (pipe instanceof Readable) return pipe;
  throw new TypeError('the child was started without this pipe');
}

/** A pipe of a child that is written. @throws TypeError for one that cannot be */
export function writablePipe(pipe: PipeEnd | undefined): Writable {
  if (pipe instanceof Writable) return pipe;
  throw new TypeError('the child was started without this pipe');
}

/** A pipe of a child that goes both ways. @throws TypeError for one that does not */
export function duplexPipe(pipe: PipeEnd | undefined): Duplex {
  if (pipe instanceof Duplex) return pipe;
  throw new TypeError('the child was started without this pipe');
}

/** The bytes of a stream, which flows once a handler is set. */
export function byteSource(stream: Readable): ByteSource {
  return {
    onData(handler) {
      stream.on('data', (bytes: Uint8Array) => handler(bytes));
      stream.resume();
    },
    onEnd(handler) {
      if (stream.destroyed || stream.readableEnded) handler();
      else stream.once('close', handler);
    },
    pause: () => void stream.pause(),
    resume: () => void stream.resume(),
  };
}
