import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PrimeError } from '../problem.ts';
import { renderProblem } from './render-problem.ts';
import { styleFor } from './style.ts';

test('renderProblem shows fields in order, without control characters, in colour only on a terminal without NO_COLOR', () => {
  const error = new PrimeError('PRIME_OFFLINE', 'no \u001b[31mcache', { tried: 'a', saw: 'b\nc', do: 'd' });
  const lines = renderProblem(error, styleFor(false, { LANG: 'C' }), false);
  assert.deepEqual(lines, ['x PRIME_OFFLINE  no ?[31mcache', '   tried  a', '   saw    b', '          c', '   do     d']);
  assert.match(renderProblem(error, styleFor(true, { TERM: 'xterm', LANG: 'C.UTF-8' }), false)[0] ?? '', /✖ PRIME_OFFLINE/);
  assert.match(renderProblem(error, styleFor(true, { TERM: 'xterm', NO_COLOR: '1', LANG: 'C.UTF-8' }), false)[0] ?? '', /^✖ PRIME_OFFLINE/);
});
