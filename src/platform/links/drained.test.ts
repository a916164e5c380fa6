import { test } from 'node:test';
import assert from 'node:assert/strict';
import { createWriteStream } from 'node:fs';
import { Writable } from 'node:stream';
import { drained } from './drained.ts';

/** A stream that takes nothing until it is told to. */
function slowStream(): { readonly stream: Writable; take(): void } {
  const waiting: (() => void)[] = [];
  const stream = new Writable({ highWaterMark: 1, write: (_bytes, _encoding, done) => void waiting.push(done) });
  return { stream, take: () => waiting.splice(0).forEach((done) => done()) };
}

test('drained() resolves when a full stream takes more, when it is destroyed and when it fails, and leaves no listeners', async () => {
  const ends: ((slow: ReturnType<typeof slowStream>) => void)[] = [
    ({ take }) => take(),
    ({ stream }) => void stream.destroy(),
    ({ stream }) => void stream.on('error', () => {}).destroy(new Error('no reader')),
  ];
  for (const end of ends) {
    const slow = slowStream();
    assert.equal(slow.stream.write('text'), false);
    const waits = Array.from({ length: 5 }, () => drained(slow.stream));
    end(slow);
    await Promise.all(waits);
    assert.deepEqual(
      ['drain', 'close'].map((name) => slow.stream.listenerCount(name)),
      [0, 0],
    );
  }
});

test('drained() does not wait for a stream that has room, or that is gone already', async () => {
  const { stream } = slowStream();
  await drained(stream);
  stream.write('text');
  stream.destroy();
  await drained(stream);
  const full = createWriteStream('/dev/full').on('error', () => {});
  full.write('x'.repeat(1_000_000));
  await drained(full);
});
