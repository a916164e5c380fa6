import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lineOfKey, lineOfSyntaxError } from './json-place.ts';

test('lineOfKey follows a path of keys; lineOfSyntaxError reads old and new messages', () => {
  const text = '{\n "a": { "x": 1 },\n "b": {\n  "x": 2\n }\n}';
  assert.equal(lineOfKey(text, ['b', 'x']), 4);
  assert.equal(lineOfKey(text, []), 1);
  assert.equal(lineOfSyntaxError('a\nb\nc', 'Unexpected token b in JSON at position 2'), 2);
  assert.equal(lineOfSyntaxError('a\nb\nc', 'Expected x at line 3 column 1'), 3);
});
