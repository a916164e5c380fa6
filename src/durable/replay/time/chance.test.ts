import { test } from 'node:test';
import assert from 'node:assert/strict';
import { KeyStream } from './chacha.ts';
import { Xoshiro } from './xoshiro.ts';

const take = (stream: KeyStream, count: number): string => {
  const bytes = new Uint8Array(count);
  stream.fill(bytes);
  return Buffer.from(bytes).toString('hex');
};

test('KeyStream gives the test vectors of RFC 8439, appendix A.1', () => {
  const zero = new Uint8Array(32);
  assert.equal(
    take(new KeyStream(zero, 0), 64),
    '76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7da41597c5157488d7724e03fb8d84a376a43b8f41518a11cc387b669b2ee6586',
  );
  assert.equal(take(new KeyStream(zero, 0, 1), 16), '9f07e7be5551387a98ba977c732d080d');
  assert.equal(take(new KeyStream(Uint8Array.of(...zero.subarray(0, 31), 1), 0, 1), 8), '3aeb5224ecf84992');
});

test('KeyStream gives the same bytes however they are asked for', () => {
  const key = Uint8Array.from({ length: 32 }, (_, i) => i);
  const whole = take(new KeyStream(key, 3), 200);
  const parts = new KeyStream(key, 3);
  assert.equal(take(parts, 1) + take(parts, 62) + take(parts, 2) + take(parts, 135), whole);
  assert.notEqual(take(new KeyStream(key, 4), 200), whole);
  assert.throws(() => new KeyStream(key.subarray(1), 0), RangeError);
});

test('Xoshiro gives fractions from 0 to 1, pinned for one seed', () => {
  const generator = new Xoshiro(Uint8Array.from({ length: 16 }, (_, i) => i + 1));
  const drawn = Array.from({ length: 20_000 }, () => generator.fraction());
  assert.ok(drawn.every((x) => x >= 0 && x < 1));
  const mean = drawn.reduce((sum, x) => sum + x, 0) / drawn.length;
  assert.ok(Math.abs(mean - 0.5) < 0.02, String(mean));
  const again = new Xoshiro(Uint8Array.from({ length: 16 }, (_, i) => i + 1));
  assert.deepEqual(
    Array.from({ length: 3 }, () => again.fraction()),
    drawn.slice(0, 3),
  );
});
