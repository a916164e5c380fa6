import { test } from 'node:test';
import assert from 'node:assert/strict';
import { parseLines, parseLinesEnd, parseOutcome } from './parse.ts';

const END = { ending: 'exited', exitCode: 0, signal: null, problem: undefined, durationMs: 1 };
const refused = { code: 'REMOTE_PROTOCOL' };

test('parseOutcome() takes what a command told, as text or as bytes', () => {
  assert.deepEqual(parseOutcome({ ...END, stdout: 'a', stderr: '', more: 1 }, false), { ...END, stdout: 'a', stderr: '' });
  const bytes = Uint8Array.of(1);
  assert.deepEqual(parseOutcome({ ...END, stdout: bytes, stderr: bytes }, true).stdout, bytes);
});

test('parse functions refuse every other shape', () => {
  for (const value of [undefined, null, 1, 'x', [], {}]) {
    assert.throws(() => parseOutcome(value, false), refused);
    assert.throws(() => parseLinesEnd(value), refused);
  }
  const wrong = [
    { ending: 'other' },
    { exitCode: '0' },
    { exitCode: 0.5 },
    { exitCode: undefined },
    { signal: 9 },
    { signal: 'SIGTERM\u001b[2J' },
    { problem: 5 },
    { durationMs: -1 },
    { durationMs: Number.NaN },
    { stdout: Uint8Array.of(1) },
    { stderr: 5 },
  ];
  for (const field of wrong)
    assert.throws(() => parseOutcome({ ...END, stdout: '', stderr: '', ...field }, false), refused, JSON.stringify(field));
  assert.throws(() => parseOutcome({ ...END, stdout: '', stderr: '' }, true), refused);
  for (const value of [undefined, {}, [1], ['a', null]]) assert.throws(() => parseLines(value), refused);
  assert.deepEqual(parseLines(['a']), ['a']);
});
