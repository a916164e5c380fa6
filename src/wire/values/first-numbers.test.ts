import { test } from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { encodeToBytes } from './value-encode.ts';
import { firstNumbers } from './first-numbers.ts';

test('firstNumbers() gives the numbers that a written array begins with', () => {
  for (const [value, most, expected] of [
    [[4, 70, 'rest', 1], 2, [4, 70]],
    [[4, 70, 'rest', 1], 9, [4, 70]],
    [[0, 63, 64, 2 ** 30], 9, [0, 63, 64, 2 ** 30]],
    [[4], 2, [4]],
    [[], 2, []],
    [['x', 1], 2, []],
    [[-1, 1], 2, []],
    [[1.5], 1, []],
    ['text', 1, []],
    [{ 0: 1 }, 1, []],
  ] as const)
    assert.deepEqual(firstNumbers(encodeToBytes(value), most), expected, JSON.stringify(value));
});

test('firstNumbers() takes any bytes, and those that end early', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 20 }), fc.nat({ max: 5 }), (bytes, most) => {
      const numbers = firstNumbers(bytes, most);
      assert.ok(numbers.length <= most && numbers.every((number) => Number.isSafeInteger(number) && number >= 0));
    }),
  );
  const whole = encodeToBytes([300, 70_000, 5]);
  for (let end = 0; end < whole.length; end++) firstNumbers(whole.subarray(0, end), 3);
});
