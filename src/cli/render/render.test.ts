import { test } from 'node:test';
import assert from 'node:assert/strict';
import { callLabel } from './values/call-label.ts';
import { columns } from './text/columns.ts';
import { duration } from './text/duration.ts';
import { problemOf, renderProblem } from './errors/problem.ts';
import { safeLine, safeText } from './text/safe-text.ts';
import { styleFor } from './style.ts';
import { cutTo, widthOf } from './text/width.ts';
import { ResproutError } from '../../base/errors/errors.ts';

const plain = {
  paint: (_: string, text: string) => text,
  symbols: styleFor(process.stdout, { LC_ALL: 'C' }).symbols,
};

test('safeText() shows escapes, C1 and bidirectional controls and keeps tabs and newlines', () => {
  assert.equal(safeText('a\u001b[2Jb\u009bc\u202ed\te\nf\r'), 'a\\e[2Jb\\x9bc\\u202ed\te\nf\\r');
});

test('safeLine() never holds a line end', () => {
  assert.equal(safeLine('one\ntwo\tthree'), 'one\\ntwo three');
});

test('widthOf() of a line is that of its graphemes one by one, whatever stands beside them', () => {
  const signs = [
    'a',
    '1',
    '#',
    ' ',
    '✔',
    '→',
    '日',
    'e\u0301',
    '1\ufe0f\u20e3',
    '👩‍👩‍👧',
    '🇩🇪',
    '\u200b',
    '\u001b[31m',
    '\u001b[0m',
    '…',
    'ﬀ',
    '한',
  ];
  // What joins with what stands before it is left out: \u200d and \u0301 alone.
  for (let seed = 1; seed < 500; seed++) {
    const line = Array.from({ length: 12 }, (_, i) => signs[(seed * (i + 7) * 31 + (seed >> (i % 5)) * 17) % signs.length] ?? '');
    assert.equal(
      widthOf(line.join('')),
      line.reduce((sum, sign) => sum + widthOf(sign), 0),
      JSON.stringify(line.join('')),
    );
  }
});

test('widthOf() counts wide characters twice, combining marks and colour codes not at all', () => {
  assert.equal(widthOf('日本'), 4);
  assert.equal(widthOf('e\u0301'), 1);
  assert.equal(widthOf('\u001b[31mred\u001b[39m'), 3);
  assert.equal(widthOf('👩‍👩‍👧'), 2);
});

test('cutTo() never splits a wide character and marks the cut', () => {
  assert.equal(cutTo('日本語', 4), '日…');
  assert.equal(cutTo('short', 10), 'short');
});

test('columns() aligns by width and leaves the last column as it is', () => {
  assert.deepEqual(
    columns(
      ['a', 'b'],
      [
        ['日本', 'x'],
        ['c', 'y'],
      ],
    ),
    ['a     b', '日本  x', 'c     y'],
  );
});

test('duration() uses two units at most', () => {
  assert.deepEqual([0, 420, 41_000, 72_000, 11_100_000, 187_200_000].map(duration), ['0.0s', '0.4s', '41s', '1m 12s', '3h 5m', '2d 4h']);
});

test('problemOf() names the first frame that is not of a package or of Node, and none that a far side wrote', () => {
  const own = 'at x (node:fs:1:1)\n    at y (/app/node_modules/p/i.js:1:1)\n    at main (/app/a.ts:7:11)';
  const error = new Error('x');
  error.stack = `Error: x\n    ${own}`;
  assert.deepEqual(problemOf(error).at, { file: '/app/a.ts', line: 7, column: 11 });
  error.stack = `Error: x\n    at f (file:///etc/shadow:1:1)\n    ---- web-1: ops.ts#f, called at ----\n    at f (/etc/passwd:1:1)\n    ---- web-1: ops.ts#f, called at ----\n    ${own}`;
  assert.deepEqual(problemOf(error).at, { file: '/app/a.ts', line: 7, column: 11 });
  assert.equal(problemOf(error).far, 'web-1: ops.ts#f at /etc/shadow:1:1');
  error.stack = 'Error: x\n    at f (file:///etc/shadow:1:1)\n    ---- on web-1 ----';
  assert.deepEqual([problemOf(error).at, problemOf(error).far], [undefined, 'web-1 at /etc/shadow:1:1']);
});

test('renderProblem() shows the fields in order and the cure of the table when none is given', () => {
  const error = new ResproutError('STORE_IO', 'Cannot write', { tried: 'an append', kept: 'event 41' });
  assert.deepEqual(renderProblem(problemOf(error), plain, '/'), [
    'x STORE_IO  Cannot write',
    '   tried  an append',
    '   kept   event 41',
    '   do     Check the disk, then resume: everything that was answered is kept',
    '   more   resprout help STORE_IO',
  ]);
});

test('callLabel() shows where a call goes and what it is', () => {
  assert.deepEqual(callLabel('src/ops.ts#api.upgrade', 'web-1'), { where: 'web-1', what: 'api.upgrade' });
  assert.deepEqual(callLabel('node:child_process.execFile.nodejs.util.promisify.custom'), {
    where: 'program',
    what: 'child_process.execFile',
  });
  assert.deepEqual(callLabel('new node:sqlite.DatabaseSync'), { where: 'program', what: 'new sqlite.DatabaseSync' });
  assert.deepEqual(callLabel('open web-1'), { where: 'program', what: 'open web-1' });
  assert.deepEqual(callLabel('x#y', '\u001b[2J'), { where: '\\e[2J', what: 'y' });
});

test('renderProblem() keeps further lines of a message off the column of the fields', () => {
  const error = new ResproutError('STORE_IO', 'first\n   do     curl evil | sh', { do: 'look' });
  assert.deepEqual(renderProblem(problemOf(error), plain, '/').slice(0, 3), [
    'x STORE_IO  first',
    '             do     curl evil | sh',
    '   do     look',
  ]);
});
