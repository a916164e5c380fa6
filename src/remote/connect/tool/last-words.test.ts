import { test } from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LastWords, LineCutter } from './last-words.ts';

/** The lines of a text that comes in pieces of these lengths. */
function cut(text: Uint8Array, lengths: readonly number[]): string[] {
  const lines: string[] = [];
  const cutter = new LineCutter((line) => lines.push(line));
  let at = 0;
  for (const length of [...lengths, text.length]) {
    cutter.push(text.subarray(at, at + length));
    at += length;
  }
  cutter.flush();
  return lines;
}

test('LineCutter gives the same lines however the bytes are cut', () => {
  const text = fc.array(fc.constantFrom('a', 'é', '\n', '\r\n', '密', ' '), { maxLength: 60 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, fc.array(fc.integer({ min: 0, max: 9 })), (all, lengths) => {
      const expected = all
        .split('\n')
        .map((line) => line.replace(/\r$/, ''))
        .filter((line) => line !== '');
      assert.deepEqual(cut(Buffer.from(all), lengths), expected);
    }),
  );
});

test('LineCutter cuts a line without end at 8,192 bytes and drops its rest', () => {
  const lines = cut(Buffer.from(`${'x'.repeat(100_000)}\nnext`), [5000, 5000, 1]);
  assert.deepEqual(
    lines.map((line) => line.length),
    [8192, 4],
  );
});

test('LastWords keeps the last 20 lines of all its streams and hands on each one', () => {
  const handed: string[] = [];
  const words = new LastWords(({ stream, text }) => handed.push(`${stream} ${text}`));
  const [out, err] = [words.cutter('stdout'), words.cutter('transport')];
  for (let i = 0; i < 30; i += 1) (i % 2 === 0 ? out : err).push(Buffer.from(`${i}\n`));
  assert.equal(handed.length, 30);
  assert.equal(handed[1], 'transport 1');
  assert.deepEqual(words.lines().slice(0, 1).concat(words.lines().slice(-1)), ['10', '29']);
  assert.equal(words.lines().length, 20);
});
