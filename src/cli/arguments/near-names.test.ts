import { test } from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { editDistance, nearNames } from './near-names.ts';

test('editDistance() counts letters put in, taken out, replaced and swapped', () => {
  assert.deepEqual(
    [
      ['cancel', 'cancel'],
      ['cancle', 'cancel'],
      ['rn', 'run'],
      ['runn', 'run'],
      ['', 'run'],
    ].map(([one = '', other = '']) => editDistance(one, other)),
    [0, 1, 1, 1, 3],
  );
});

test('editDistance() is the same both ways, at least the difference in length and at most the longer length', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (one, other) => {
      const distance = editDistance(one, other);
      assert.equal(distance, editDistance(other, one));
      assert.ok(distance >= Math.abs(one.length - other.length) && distance <= Math.max(one.length, other.length));
      assert.equal(distance === 0, one === other);
    }),
  );
});

test('nearNames() gives a typo its one name, a part its whole names, and nothing for what is not alike', () => {
  const names = ['run', 'resume', 'replay', 'STORE_IO', 'STORE_UNSAFE', 'JOURNAL_DIVERGED', 'JOURNAL_CORRUPT'];
  assert.deepEqual(nearNames('rnu', names), ['run']);
  assert.deepEqual(nearNames('store', names), ['STORE_IO', 'STORE_UNSAFE']);
  assert.deepEqual(nearNames('JOURNAL_DIVERGE', names), ['JOURNAL_DIVERGED']);
  assert.deepEqual(nearNames('completely', names), []);
});
