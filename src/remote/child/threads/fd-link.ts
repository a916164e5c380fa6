import { Socket } from 'node:net';
import { ReadStream, WriteStream, isatty } from 'node:tty';
import type { Link } from '../../../base/seams/link.ts';

/** A link that says when everything has left it. */
export interface FdLink extends Link {
  /** Calls `done` when all that was sent is in the hands of the system. */
  flush(done: () => void): void;
  /** Takes bytes as if they had come on it. */
  feed(bytes: Uint8Array): void;
}

/** The link over descriptors that this process was started with. One socket when both are the same. */
export function fdLink(name: string, readFd: number, writeFd: number): FdLink {
  const isDuplex = readFd === writeFd;
  const output = isatty(writeFd) ? new WriteStream(writeFd) : new Socket({ fd: writeFd, readable: isDuplex, writable: true });
  const input = isDuplex ? output : isatty(readFd) ? new ReadStream(readFd) : new Socket({ fd: readFd, readable: true, writable: false });
  let onClose: ((reason: string) => void) | undefined;
  const end = (reason: string): void => {
    const tell = onClose;
    onClose = undefined;
    input.destroy();
    output.destroy();
    tell?.(reason);
  };
  for (const stream of new Set([input, output])) {
    stream.on('error', (error) => end(error.message));
    stream.on('close', () => end('closed'));
  }
  input.on('end', () => end('the parent closed the link'));
  return {
    name,
    get unsentBytes() {
      return output.writableLength;
    },
    send: (bytes) => {
      if (output.destroyed) return true;
      // What is sent in one turn leaves in one call of the system.
      if (output.writableCorked === 0) {
        output.cork();
        queueMicrotask(() => output.uncork());
      }
      return output.write(bytes);
    },
    onData: (handler) => input.on('data', handler),
    onDrain: (handler) => output.on('drain', handler),
    onClose: (handler) => {
      onClose = handler;
    },
    pause: () => input.pause(),
    resume: () => input.resume(),
    feed: (bytes) => input.emit('data', bytes),
    flush: (done) => output.write('', () => done()),
    close: (reason = 'closed') => output.end(() => end(reason)),
  };
}
