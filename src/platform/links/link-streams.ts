import { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import type { Link } from '../../base/seams/link.ts';
import { realClock } from '../time/clock.ts';

/** How long a closed link waits for a peer that does not read what was sent before. */
const LINGER_MS = 5000;

/** Sockets and pipes keep the process alive; a closed link must not, whatever its peer does. */
function release(stream: Readable | Writable): void {
  if (stream instanceof Socket) stream.unref();
}

type Write = (...args: [...given: unknown[], callback: (error?: Error | null) => void]) => void;

/**
 * Lets a socket drop what it cannot write. A failed write would destroy it, and with it what a peer that is gone has said last: that still lies
 * there. Its end tells the same, after it was read.
 */
function keepReading(socket: Socket): void {
  for (const name of ['_write', '_writev'] as const) {
    const write = (socket[name] as Write).bind(socket);
    const dropping: Write = (...args) => {
      const done = args.pop() as () => void;
      write(...args, () => done());
    };
    Object.defineProperty(socket, name, { value: dropping });
  }
}

/**
 * A link over what is read and what is written, which may be one socket. It owns them from here on.
 * What was sent before `close` still goes out, for 5 s at most; what arrives after it is dropped. The end of the readable ends the link; a failed write
 * does not, so that the last words of a peer are read.
 */
export function streamsLink(name: string, readable: Readable, writable: Writable): Link {
  if (readable instanceof Socket && (readable as unknown) === writable) keepReading(readable);
  let onClose: ((reason: string) => void) | undefined;
  let closedBecause: string | undefined;
  let isTold = false;
  const tell = (): void => {
    if (isTold || closedBecause === undefined || onClose === undefined) return;
    isTold = true;
    onClose(closedBecause);
  };

  const ended = (reason: string): void => {
    if (closedBecause !== undefined) return;
    closedBecause = reason;
    readable.removeAllListeners('data');
    readable.resume();
    const destroy = (): void => {
      timer.clear();
      writable.destroy();
      readable.destroy();
    };
    const timer = realClock.after(LINGER_MS, destroy, { background: true });
    writable.end(destroy);
    release(readable);
    release(writable);
    queueMicrotask(tell);
  };
  readable.on('end', () => ended('the other side closed it'));
  readable.on('error', (error) => ended(error.message));
  readable.on('close', () => ended('it was closed'));
  writable.on('error', () => writable.destroy());

  return {
    name,
    get unsentBytes() {
      return writable.writableLength;
    },
    send(bytes) {
      if (closedBecause !== undefined || writable.destroyed) return true;
      // What is sent in one turn leaves in one call of the system.
      if (writable.writableCorked === 0) {
        writable.cork();
        queueMicrotask(() => writable.uncork());
      }
      return writable.write(bytes);
    },
    onData(handler) {
      readable.on('data', (bytes: Uint8Array) => handler(bytes));
      readable.resume();
    },
    onDrain(handler) {
      writable.on('drain', handler);
    },
    onClose(handler) {
      onClose = handler;
      queueMicrotask(tell);
    },
    pause() {
      readable.pause();
    },
    resume() {
      if (closedBecause === undefined) readable.resume();
    },
    close(reason = 'closed here') {
      ended(reason);
    },
  };
}
