import { test } from 'node:test';
import assert from 'node:assert/strict';
import { InvalidArgumentError } from './commander.ts';
import { parseDuration } from './parse-duration.ts';

test('parseDuration() reads what sleep() reads', () => {
  assert.deepEqual(
    ['10s', '1m30s', '0w', '500ms'].map((text) => parseDuration(text)),
    [10_000, 90_000, 0, 500],
  );
});

test('parseDuration() refuses a number without unit, and says what may be written', () => {
  for (const bad of ['10', '', 'soon', '-1s'])
    assert.throws(
      () => parseDuration(bad),
      (error) => error instanceof InvalidArgumentError && /30s, 500ms, 7d or 1h30m/.test(error.message),
      bad,
    );
});
