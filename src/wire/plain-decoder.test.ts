import { test } from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { graphDifference } from '../../test/support/same-graph.ts';
import { toError } from '../base/errors/errors.ts';
import { decodeValue, encodeToBytes, type DecodeOptions } from './index.ts';
import { NOT_PLAIN, decodePlain } from './values/reading/plain-decoder.ts';
import { ValueDecoder } from './values/reading/value-decoder.ts';

const OPEN = { nodes: 1_000_000, depth: 64, stringBytes: 64 * 1024 * 1024 };

type Outcome = { readonly value: unknown } | { readonly error: string };

function outcomeOf(decode: () => unknown): Outcome {
  try {
    return { value: decode() };
  } catch (thrown) {
    return { error: `${toError(thrown).message} ${JSON.stringify(thrown)}` };
  }
}

/** Both ways end the same: with the same value, or with the same error. Says whether the short one was taken. */
function assertSame(bytes: Uint8Array, options: DecodeOptions = {}): boolean {
  const whole = outcomeOf(() => new ValueDecoder(bytes, options).decode());
  const both = outcomeOf(() => decodeValue(bytes, options));
  if ('error' in whole || 'error' in both) assert.deepEqual(both, whole);
  else assert.equal(graphDifference(whole.value, both.value), undefined);
  const { limits, shareBytes = false } = options;
  // The bound of the whole is looked at before either begins.
  if (bytes.length > (limits?.bytes ?? bytes.length)) return false;
  const short = decodePlain(bytes, { ...OPEN, ...limits }, shareBytes);
  if (short === NOT_PLAIN) return false;
  assert.ok('value' in whole, 'the short way took what the whole one refuses');
  assert.equal(graphDifference(whole.value, short), undefined);
  return true;
}

const leaf = fc.oneof(
  fc.constantFrom(undefined, null, true, false, -0, NaN, Infinity, 0, 63, 64, 127, 128, -1, 2 ** 31 - 1, -(2 ** 31), 2 ** 31, 2 ** 53),
  fc.double(),
  fc.integer(),
  fc.string({ maxLength: 200 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.integer({ min: 0, max: 200 }).map((length) => 'a'.repeat(length)),
  fc.uint8Array({ maxLength: 40 }),
);
const keys = fc.oneof(fc.string({ maxLength: 40 }), fc.constantFrom('__proto__', 'constructor', 'toString', 'then', '0', '-1', 'é', ''));
const plain = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    leaf,
    fc.array(tie('value'), { maxLength: 6 }),
    fc.dictionary(keys, tie('value'), { maxKeys: 6, noNullPrototype: true }),
  ),
})).value;
const mixed = fc.tuple(
  plain,
  fc.constantFrom<unknown>(new Date(1), new Map([[1, 2]]), 7n, new URL('https://a/b'), /x/u, Object.create(null), new Error('e')),
);

test('the short way and the whole decoder give the same value of plain trees', () => {
  let short = 0;
  let all = 0;
  fc.assert(
    fc.property(plain, (value) => {
      all++;
      if (assertSame(encodeToBytes(value))) short++;
    }),
    { numRuns: 3000 },
  );
  assert.ok(short > all * 0.5, `${short} of ${all} went the short way`);
});

test('what is not plain is read by the whole decoder, from its beginning', () => {
  fc.assert(
    fc.property(mixed, (value) => {
      assert.equal(assertSame(encodeToBytes(value)), false);
    }),
    { numRuns: 500 },
  );
  const shared = { x: 1 };
  assert.equal(assertSame(encodeToBytes([shared, shared])), false);
});

test('hostile bytes end the same on both ways: the same value or the same error', () => {
  let short = 0;
  const change = fc.tuple(fc.nat(), fc.nat(255));
  fc.assert(
    fc.property(plain, fc.array(change, { maxLength: 4 }), fc.nat(), (value, changes, cut) => {
      const bytes = encodeToBytes(value);
      for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
      if (assertSame(bytes)) short++;
      assertSame(bytes.subarray(0, cut % (bytes.length + 1)));
    }),
    { numRuns: 4000 },
  );
  assert.ok(short > 200, `${short} changed values were taken`);
});

test('limits are those of the whole decoder', () => {
  const limits = fc.record({
    depth: fc.integer({ min: 0, max: 5 }),
    nodes: fc.integer({ min: 0, max: 12 }),
    bytes: fc.integer({ min: 0, max: 300 }),
  });
  fc.assert(
    fc.property(plain, limits, (value, given) => {
      assertSame(encodeToBytes(value), { limits: given });
    }),
    { numRuns: 3000 },
  );
});

test('a value that is read while another one is being read does not disturb it', () => {
  const inner = encodeToBytes({ in: [1, 'two'] });
  const outer = encodeToBytes([new Uint8Array(3), { a: 'b' }]);
  const { slice } = Uint8Array.prototype;
  const seen: unknown[] = [];
  Uint8Array.prototype.slice = function (this: Uint8Array<ArrayBuffer>, ...range: [number?, number?]) {
    Uint8Array.prototype.slice = slice;
    seen.push(decodeValue(inner));
    return slice.apply(this, range);
  };
  const value = decodeValue(outer);
  assert.deepEqual(seen, [{ in: [1, 'two'] }]);
  assert.deepEqual(value, [new Uint8Array(3), { a: 'b' }]);
});
