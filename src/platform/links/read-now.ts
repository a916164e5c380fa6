import { readSync } from 'node:fs';
import type { Readable } from 'node:stream';

const PIECE_BYTES = 65_536;

/** What lies in the pipe or socket of a stream of Node, at most 64 KiB, read without waiting; undefined when there is nothing, or the end. */
export function readNow(stream: Readable): Uint8Array | undefined {
  // Node shows the descriptor that it reads itself: whoever reads takes what comes next.
  const fd = (stream as { readonly _handle?: { readonly fd?: number } | null })._handle?.fd;
  if (fd === undefined || fd < 0) return undefined;
  const buffer = new Uint8Array(PIECE_BYTES);
  try {
    const count = readSync(fd, buffer);
    return count === 0 ? undefined : buffer.subarray(0, count);
  } catch {
    // EAGAIN: it is empty. Anything else the stream meets itself.
    return undefined;
  }
}
