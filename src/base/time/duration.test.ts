import { test } from 'node:test';
import assert from 'node:assert/strict';
import { durationMs, readDurationMs, type Duration } from './duration.ts';

test('durationMs() reads numbers, units and sums of units', () => {
  assert.equal(durationMs(0, 'x'), 0);
  assert.equal(durationMs('500ms', 'x'), 500);
  assert.equal(durationMs('30s', 'x'), 30_000);
  assert.equal(durationMs('1m30s', 'x'), 90_000);
  assert.equal(durationMs('1h30m', 'x'), 5_400_000);
  assert.equal(durationMs('7d', 'x'), 604_800_000);
  assert.equal(durationMs('1w', 'x'), 604_800_000);
  assert.equal(durationMs('0w', 'x'), 0);
  assert.equal(durationMs('1.5s', 'x'), 1500);
  assert.equal(durationMs(' 2s ', 'x'), 2000);
});

test('durationMs() refuses what is no duration, and says what it saw', () => {
  for (const bad of ['', 's', '10', '1 s', '-1s', '1y', '30s!', -1, Number.NaN, Infinity, '9999999w', null, [], 5n, Symbol('x')])
    assert.throws(() => durationMs(bad, 'x'), { code: 'CALL_OPTIONS_INVALID' }, String(bad));
  assert.throws(() => durationMs('soon', 'the pause'), {
    message: 'the pause is "soon", which is not a duration',
    problem: {
      tried: 'the pause',
      saw: '"soon"',
      do: 'Give a number of milliseconds from 0 on, or a text such as 30s, 500ms, 7d or 1h30m (units: ms, s, m, h, d, w)',
    },
  });
});

test('readDurationMs() gives undefined for what is no duration', () => {
  assert.deepEqual(
    ['1m30s', '10', '', '1e3s', '9999999w'].map((text) => readDurationMs(text)),
    [90_000, undefined, undefined, undefined, undefined],
  );
});

test('Duration holds the forms that are read, and no other text', () => {
  const forms: Duration[] = [5, '30s', '500ms', '7d', '1.5h', '1h30m', '1w2d3h4m5s6ms'];
  for (const form of forms) assert.ok(durationMs(form, 'x') > 0, String(form));
  // @ts-expect-error -- no number
  const soon: Duration = 'soon';
  // @ts-expect-error -- no unit
  const ten: Duration = '10';
  // @ts-expect-error -- no such unit
  const year: Duration = '1y';
  for (const bad of [soon, ten, year]) assert.throws(() => durationMs(bad, 'x'), { code: 'CALL_OPTIONS_INVALID' });
});
