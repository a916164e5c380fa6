import type { Writable } from 'node:stream';

const ENDS = ['drain', 'close', 'error'] as const;

/**
 * Resolves when a stream whose `write` gave false takes more, or never will: a stream that was closed or failed does not drain. Its
 * listeners are gone afterwards. Bounded by the life of the other side: whoever waits ends that when it takes too long.
 */
export function drained(stream: Writable): Promise<void> {
  if (stream.destroyed || !stream.writableNeedDrain) return Promise.resolve();
  return new Promise((resolve) => {
    const goOn = (): void => {
      for (const name of ENDS) stream.off(name, goOn);
      resolve();
    };
    for (const name of ENDS) stream.on(name, goOn);
  });
}
