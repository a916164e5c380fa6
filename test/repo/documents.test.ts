import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { ERROR_CODES } from '../../src/base/errors/error-codes.ts';
import { errorsDocument } from '../../tools/write-errors-doc.ts';

const read = (name: string): string => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');

test('docs/errors.md is what the error table says', () => {
  assert.equal(read('docs/errors.md'), errorsDocument());
});

test('docs/exit-codes.md explains each exit code of the error table, and 0', () => {
  const explained = [...read('docs/exit-codes.md').matchAll(/^\| (\d) \|/gm)].map(([, code]) => Number(code));
  const used = new Set<number>(Object.values(ERROR_CODES).map((kind) => kind.exit));
  assert.deepEqual(explained, [0, ...[...used].sort((a, b) => a - b)]);
});
