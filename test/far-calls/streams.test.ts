// Streams of far calls: handed on, given back, made of object literals, and ended by the signal of their call.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { local, type CallOptions } from 'resprout';
import { until } from '../support/until.ts';
import { back, endless, howManyEnded, numbers, silent, sum } from './programs/streams.ts';

test('a stream of one context can be given to another, and given back', async () => {
  await using a = await local({ name: 'a' });
  await using b = await local({ name: 'b' });
  assert.equal(await b.call(sum, await a.call(numbers, 10)), 55);
  assert.equal(await b.call(sum, await b.call(numbers, 10)), 55);
  assert.equal(await b.call(sum, (await a.call(back, await b.call(numbers, 4))) as AsyncIterable<number>), 10);
});

test('several readers of a stream get its steps in turn, and what is left when it has ended is its end', async () => {
  await using a = await local({ name: 'a' });
  const reader = (await a.call(numbers, 5))[Symbol.asyncIterator]();
  const steps = await Promise.all(Array.from({ length: 7 }, () => reader.next()));
  assert.deepEqual(
    steps.map(({ value }): unknown => value),
    [1, 2, 3, 4, 5, undefined, undefined],
  );
  assert.deepEqual(
    steps.map(({ done }) => done === true),
    [false, false, false, false, false, true, true],
  );
});

test('a stream that is left ends for whoever waits for a step of it', async () => {
  await using a = await local({ name: 'a' });
  const reader = (await a.call(silent))[Symbol.asyncIterator]();
  const waiting = [reader.next(), reader.next()];
  await reader.return?.();
  assert.deepEqual(
    (await Promise.all(waiting)).map(({ done }) => done),
    [true, true],
  );
});

test('a context that reads the stream of another one is told when that one ends', async () => {
  await using a = await local({ name: 'a' });
  await using b = await local({ name: 'b' });
  await using below = await local({ name: 'below', via: b });
  for (const reader of [b, below]) {
    const dying = await local({ name: `dying-${reader.name}` });
    const sums = assert.rejects(reader.call(sum, await dying.call(endless)), { code: 'REMOTE_LOST' });
    process.kill(dying.info.pid, 'SIGKILL');
    await sums;
  }
  assert.equal(await below.call(sum, await a.call(numbers, 3)), 6);
});

test('an object literal that is iterable by itself crosses as a stream', async () => {
  await using a = await local({ name: 'a' });
  const literal: AsyncIterable<number> = {
    async *[Symbol.asyncIterator]() {
      yield 3;
      yield 4;
    },
  };
  assert.equal(await a.call(sum, literal), 7);
});

test('the signal of a call ends the stream that it gave, here and there, and nobody who has read it', async () => {
  await using a = await local({ name: 'a' });
  const stop = new AbortController();
  const options: CallOptions = { signal: stop.signal };
  const read = await a.with(options).call(numbers, 3);
  const all: number[] = [];
  for await (const n of read) all.push(n);
  const stream = await a.with(options).call(endless);
  let seen = 0;
  await assert.rejects(
    async () => {
      for await (const n of stream) {
        seen = n;
        if (n === 5) stop.abort(new Error('enough'));
      }
    },
    { code: 'REMOTE_CALL_ABORTED' },
  );
  assert.ok(seen >= 5 && seen < 50, String(seen));
  assert.deepEqual(all, [1, 2, 3]);
  await until('the end of the generator there', async () => (await a.call(howManyEnded)) === 1);
});
