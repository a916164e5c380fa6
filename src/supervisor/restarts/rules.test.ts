import { test } from 'node:test';
import assert from 'node:assert/strict';
import { RULES } from './rules.ts';

const backOff = { firstMs: 100, factor: 2, mostMs: 1000, jitter: 0.5, resetMs: 5000 };
const failed = { hasFailed: true, isRecycled: false, isLeaked: false, exitCode: null };
const fine = { ...failed, hasFailed: false };

test('RULES.isRestarted() follows the table of permanent, transient and temporary, and exit codes that mean stop', () => {
  const ask = (restart: 'permanent' | 'transient' | 'temporary', ending: typeof failed | { exitCode: number }): boolean =>
    RULES.isRestarted({ restart, backOff, stopExitCodes: [7] }, { ...failed, ...ending });
  assert.deepEqual(
    (['permanent', 'transient', 'temporary'] as const).map((restart) => [
      ask(restart, failed),
      ask(restart, fine),
      ask(restart, { exitCode: 7 }),
    ]),
    [
      [true, true, false],
      [true, false, false],
      [false, false, false],
    ],
  );
  assert.equal(RULES.isRestarted({ restart: 'temporary', backOff, stopExitCodes: [] }, { ...fine, isRecycled: true }), true);
});

test('RULES.spend() slides: the window holds the budget wherever it lies', () => {
  const spent: number[] = [];
  const budget = { restarts: 2, withinMs: 1000 };
  assert.deepEqual(
    [0, 900, 999, 1000, 1899, 1900].map((nowMs) => RULES.spend(budget, spent, nowMs)),
    [true, true, false, true, false, true],
  );
});

test('RULES.spend() sees a crash every 20 s', () => {
  const spent: number[] = [];
  const times = Array.from({ length: 20 }, (_, n) => n * 20_000);
  const refused = times.findIndex((nowMs) => !RULES.spend({ restarts: 10, withinMs: 300_000 }, spent, nowMs));
  assert.equal(refused, 10);
});

test('RULES.delayMs() grows by the factor to the ceiling, and leaves its part to chance', () => {
  assert.deepEqual(
    [1, 2, 3, 4, 5, 60].map((attempt) => RULES.delayMs(backOff, attempt, 0)),
    [100, 200, 400, 800, 1000, 1000],
  );
  assert.equal(RULES.delayMs(backOff, 5, 1), 500);
});

test('RULES.affected() names who is made new with the fallen one', () => {
  assert.deepEqual(
    (['one-for-one', 'one-for-all', 'rest-for-one'] as const).map((strategy) => RULES.affected(strategy, 1, [0, 1, 1, 2])),
    [[1], [0, 1, 2, 3], [1, 3]],
    'what starts beside the fallen one does not depend on it',
  );
});
