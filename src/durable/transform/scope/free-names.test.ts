import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freeNames } from './free-names.ts';

test('freeNames: gives the short names when the file has none of them', () => {
  const names = freeNames('const $data = 1, $div = 2, d = 3, $i = "x".$index;\n$in.$dsx;');
  assert.deepEqual(
    [names.hook, names.sites, names.meta, names.dependency(3), names.namespace(0)],
    ['$d_0_', '$ds_0_', '$meta_0_', '$i_0_3', '$n_0_0'],
  );
  assert.equal(freeNames('const $data = 1, $div = 2, $index = 3;').hook, '$d');
});

test('freeNames: counts the suffix up until nothing collides, numbers included', () => {
  assert.equal(freeNames('$i12').hook, '$d_0_');
  assert.equal(freeNames('$d, $i_0_4, $cls_1_').hook, '$d_2_');
});
