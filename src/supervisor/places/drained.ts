// The last words of a process that is gone.
import type { Readable } from 'node:stream';
import { realClock } from '../../platform/time/clock.ts';

/** What it left running may hold the other end: they are waited for so often and so long, milliseconds. */
const TURNS = 10;
const TURN_MS = 20;

/**
 * Resolves when a stream whose writer is gone is read to its end, after 200 ms in any case; the stream is closed then. Between two of the
 * turns the event loop looks at what has come: one that stood still for a while reads first and counts on afterwards.
 */
export async function drained(stream: Readable): Promise<void> {
  if (stream.closed) return;
  const isOver = new AbortController();
  const closed = new Promise<void>((resolve) => stream.once('close', resolve));
  void closed.then(() => isOver.abort());
  for (let turn = 0; turn < TURNS && !isOver.signal.aborted; turn += 1) {
    // Closed: nothing is left to wait for.
    await realClock.sleep(TURN_MS, isOver.signal).catch(() => {});
  }
  stream.destroy();
  await closed;
}
