import type { Duplex } from 'node:stream';
import type { Link } from '../base/link.ts';

/** A link over a socket or a pair of pipes. Whoever made the stream gives it away: the link closes it. */
export function socketLink(stream: Duplex, name: string): Link {
  let onClose: ((reason: string) => void) | undefined;
  let reason: string | undefined;
  let closed: string | undefined;
  stream.on('error', (error) => {
    reason ??= error.message;
  });
  stream.on('close', () => {
    closed = reason ?? 'closed by the other side';
    onClose?.(closed);
  });
  return {
    name,
    send(bytes) {
      if (stream.destroyed || stream.writableEnded) return true;
      return stream.write(bytes);
    },
    onData(handler) {
      stream.on('data', (bytes: Uint8Array) => handler(bytes));
    },
    onDrain(handler) {
      stream.on('drain', handler);
    },
    onClose(handler) {
      onClose = handler;
      if (closed !== undefined) handler(closed);
    },
    pause() {
      stream.pause();
    },
    resume() {
      stream.resume();
    },
    close(why) {
      reason ??= why ?? 'closed by this side';
      // What was handed over goes out first; a peer that does not read is cut off by the second close.
      if (stream.writableEnded) stream.destroy();
      else stream.end(() => stream.destroy());
    },
  };
}
