import { test } from 'node:test';
import assert from 'node:assert/strict';
import { ERROR_CODES, RETIRED_CODES } from './error-codes.ts';
import { ResproutError, codeOf, exitCodeOf, isResproutError } from './errors.ts';

test('isResproutError() knows an error of another copy of the package by its brand', () => {
  class Copy extends Error {
    static {
      Object.defineProperty(this.prototype, Symbol.for('resprout.error'), { value: true });
    }
  }
  assert.equal(isResproutError(new Copy('x')), true);
  assert.equal(isResproutError(new Error('x')), false);
});

test('codeOf() takes own codes of the table only', () => {
  assert.equal(codeOf(new ResproutError('STORE_IO', 'x')), 'STORE_IO');
  assert.equal(codeOf(Object.assign(new ResproutError('STORE_IO', 'x'), { code: 'constructor' })), undefined);
  assert.equal(codeOf(Object.assign(new Error('x'), { code: 'STORE_IO' })), undefined);
  assert.equal(codeOf({ code: 'ENOENT' }), undefined);
});

test('exitCodeOf() gives the exit code of the table, and 1 for a foreign error', () => {
  assert.equal(exitCodeOf(new ResproutError('USAGE', 'x')), 2);
  assert.equal(exitCodeOf(new Error('x')), 1);
});

test('the error table has no retired code and no sentence that ends in a period', () => {
  for (const [code, kind] of Object.entries(ERROR_CODES)) {
    assert.match(code, /^[A-Z]+(_[A-Z]+)+$|^INTERNAL$|^USAGE$/);
    assert.ok(!RETIRED_CODES.includes(code));
    assert.doesNotMatch(kind.means + kind.cure, /\.$/);
  }
});
