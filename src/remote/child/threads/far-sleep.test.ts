import { test } from 'node:test';
import assert from 'node:assert/strict';
import { farSleep } from './far-sleep.ts';

const DAY_MS = 86_400_000;

test('farSleep() waits longer than one timer of Node can', async ({ mock }) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  let isOver = false;
  const over = farSleep('30d').then(() => (isOver = true));
  const pass = async (days: number): Promise<void> => {
    for (let day = 0; day < days; day++) {
      mock.timers.tick(DAY_MS);
      await new Promise(setImmediate);
    }
  };
  await pass(29);
  assert.equal(isOver, false);
  // A timer that is set again begins at the end of the day on which the one before it was due.
  await pass(2);
  assert.equal(isOver, true);
  await over;
});
