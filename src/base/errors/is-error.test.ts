import { test } from 'node:test';
import assert from 'node:assert/strict';
import { runInNewContext } from 'node:vm';
import { isResproutError, toError } from './errors.ts';
import { isError } from './is-error.ts';

test('isError() knows errors of every realm and of every class', () => {
  const foreign: unknown = runInNewContext('new RangeError("foreign")');
  assert.ok(!(foreign instanceof Error));
  class Own extends TypeError {}
  for (const error of [
    new Error('x'),
    new Own('x'),
    new AggregateError([]),
    new DOMException('x'),
    foreign,
    runInNewContext('new (class A extends Error {})'),
  ])
    assert.equal(isError(error), true, String(error));
});

test('isError() takes nothing else for an error', () => {
  for (const value of [undefined, null, 'Error', 5, {}, { message: 'x', stack: 'y' }, [], () => {}, Error, new Date()])
    assert.equal(isError(value), false);
});

test('toError() gives an error of another realm as it is', () => {
  const foreign: unknown = runInNewContext('Object.assign(new Error("foreign"), { code: "E_X" })');
  assert.equal(toError(foreign), foreign);
  assert.equal(isResproutError(foreign), false);
});
