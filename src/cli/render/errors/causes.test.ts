import { test } from 'node:test';
import assert from 'node:assert/strict';
import { ResproutError } from '../../../base/errors/errors.ts';
import { causeLines, oneLine } from './causes.ts';
import { stacks } from './stacks.ts';

test('causeLines() indents what belongs to each error, and ends in chains and cycles', () => {
  const inner = new Error('inner\nsecond line', { cause: new ResproutError('STORE_IO', 'no room') });
  const error = new AggregateError([new RangeError('a'), inner, 'text'], 'many', { cause: null });
  assert.deepEqual(causeLines(error, ''), [
    '- RangeError: a',
    '- Error: inner',
    '  caused by STORE_IO  no room',
    "- 'text'",
    'caused by null',
  ]);
  const cycle = new Error('one');
  cycle.cause = new Error('two', { cause: cycle });
  assert.deepEqual(causeLines(cycle, ''), ['caused by Error: two', '  caused by Error: one']);
  let deep = new Error('0');
  for (let n = 1; n < 50; n++) deep = new Error(String(n), { cause: deep });
  assert.equal(causeLines(deep, '').length, 6);
  const wide = new AggregateError(Array.from({ length: 30 }, (_, n) => new Error(String(n))));
  assert.deepEqual(causeLines(wide, '').slice(-2), ['- Error: 10', '… and 19 more lines']);
});

test('causeLines() leaves out a cause that only repeats what is told, not what lies behind it', () => {
  const error = new ResproutError(
    'STORE_IO',
    'the store cannot be opened: EACCES',
    {},
    { cause: new Error('EACCES', { cause: new Error('why') }) },
  );
  assert.deepEqual(causeLines(error, error.message), ['caused by Error: why']);
  assert.deepEqual(causeLines(new Error('x'), ''), []);
});

test('oneLine() writes what was thrown as the program would', () => {
  assert.deepEqual(
    [oneLine({ code: 7 }), oneLine('a\nb'), oneLine(undefined), oneLine(new TypeError('t\nu'))],
    ['{ code: 7 }', "'a\\nb'", 'undefined', 'TypeError: t'],
  );
});

test('stacks() leaves out frames of this package and of Node, unless there are no others', () => {
  const error = new Error('x');
  const ours = `    at inner (${import.meta.filename}:1:1)`;
  error.stack = `Error: x\n    at user (/app/a.ts:3:5)\n${ours}\n    at process.x (node:internal/process/task_queues:1:1)\n    at y (node:fs:1:1)`;
  assert.equal(stacks(error), '| Error: x\n|     at user (/app/a.ts:3:5)\n|     at y (node:fs:1:1)\n');
  error.stack = `Error: x\n${ours}`;
  assert.equal(stacks(error), `| Error: x\n| ${ours}\n`);
  const cycle = new Error('c');
  cycle.stack = 'Error: c';
  cycle.cause = cycle;
  assert.equal(stacks(cycle), '| Error: c\ncaused by\n| (the same error again)\n');
});
