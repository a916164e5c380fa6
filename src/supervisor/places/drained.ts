// The last words of a process that is gone.
import type { Readable } from 'node:stream';
import { afterAwake } from '../../base/time/awake.ts';
import { realClock } from '../../platform/time/clock.ts';

/** What it left running may hold the other end: so long they are waited for. */
const DRAIN_MS = 200;

/**
 * Resolves when a stream whose writer is gone is read to its end, after 200 ms in any case; the stream is closed then. An event loop that
 * stood still meanwhile reads first.
 */
export async function drained(stream: Readable): Promise<void> {
  if (stream.closed) return;
  const closed = new Promise<void>((resolve) => stream.once('close', resolve));
  const timer = afterAwake(realClock, DRAIN_MS, () => stream.destroy());
  await closed;
  timer.clear();
}
