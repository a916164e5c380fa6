import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PrimeError } from '../problem.ts';
import { renderProblem, withoutCredentials } from './render-problem.ts';
import { styleFor } from './style.ts';

test('renderProblem shows fields in order, without control characters, in colour only on a terminal without NO_COLOR', () => {
  const error = new PrimeError('PRIME_OFFLINE', 'no \u001b[31mcache', { tried: 'a', saw: 'b\nc', do: 'd' });
  const lines = renderProblem(error, styleFor(false, { LANG: 'C' }), false);
  assert.deepEqual(lines, ['x PRIME_OFFLINE  no ?[31mcache', '   tried  a', '   saw    b', '          c', '   do     d']);
  assert.match(renderProblem(error, styleFor(true, { TERM: 'xterm', LANG: 'C.UTF-8' }), false)[0] ?? '', /✖ PRIME_OFFLINE/);
  assert.match(renderProblem(error, styleFor(true, { TERM: 'xterm', NO_COLOR: '1', LANG: 'C.UTF-8' }), false)[0] ?? '', /^✖ PRIME_OFFLINE/);
});

test('withoutCredentials hides names and passwords in addresses and settings, and nothing else', () => {
  const hidden = [
    ['https://bob:s3cr3t@host/x', 'https://***@host/x'],
    ["'isarray@http://bob:p@ss:w@127.0.0.1:80/' is not there", "'isarray@http://***@127.0.0.1:80/' is not there"],
    ['//host/:_authToken=abc def', '//host/:_authToken=*** def'],
    ['"_password": "a b"', '"_password": ***'],
    ['_auth = YWJj', '_auth = ***'],
  ] as const;
  for (const [text, shown] of hidden) assert.equal(withoutCredentials(text), shown);
  for (const text of ['https://host/@scope/name', 'npm pack npm@10.9.9', 'author: me', '/a@b/c'])
    assert.equal(withoutCredentials(text), text);
});
