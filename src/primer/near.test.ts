import assert from 'node:assert/strict';
import { test } from 'node:test';
import { near } from './near.ts';

test('near offers a name within a few letters and nothing else', () => {
  assert.equal(near('pakages', ['node', 'packages']), 'Did you mean packages?');
  assert.equal(near('zebra', ['node', 'packages']), undefined);
});
