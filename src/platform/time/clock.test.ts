import { test } from 'node:test';
import assert from 'node:assert/strict';
import { realClock } from './clock.ts';

test('realClock.after() fires once and not after clear()', async () => {
  let fired = 0;
  const kept = realClock.after(5, () => fired++);
  const cleared = realClock.after(1, () => fired++);
  cleared.clear();
  cleared.clear();
  await realClock.sleep(40);
  assert.equal(fired, 1);
  kept.clear();
});

test('realClock.after() does not fire at once for more than 24.8 days', async () => {
  let fired = false;
  const timer = realClock.after(2 ** 31 + 5, () => (fired = true));
  await realClock.sleep(20);
  assert.equal(fired, false);
  timer.clear();
});

test('realClock.sleep() rejects with the reason of its signal and leaves no timer', async () => {
  const controller = new AbortController();
  const slept = realClock.sleep(60_000, controller.signal);
  controller.abort(new Error('enough'));
  await assert.rejects(slept, { message: 'enough' });
  await assert.rejects(realClock.sleep(60_000, AbortSignal.abort(new Error('before'))), { message: 'before' });
});
