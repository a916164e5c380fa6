import { test } from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { graphDifference } from '../../test/support/same-graph.ts';
import { ResproutError, codeOf } from '../base/errors/errors.ts';
import { decodeValue, encodeToBytes, encodeValue, type DecodeOptions, type EncodeOptions } from './index.ts';

function roundTrip(value: unknown, encode: EncodeOptions = {}, decode: DecodeOptions = {}): unknown {
  return decodeValue(encodeToBytes(value, encode), decode);
}

function assertCrosses(value: unknown): void {
  assert.equal(graphDifference(value, roundTrip(value)), undefined);
}

const leaf = fc.oneof(
  fc.constantFrom(undefined, null, true, false, -0, NaN, Infinity, -Infinity, 63, 64, -1, 2 ** 31 - 1, -(2 ** 31), 2 ** 31, 2 ** 53),
  fc.double(),
  fc.integer(),
  fc.bigInt(),
  fc.string({ unit: 'binary' }),
  fc.string({ maxLength: 300 }),
  fc.array(fc.integer({ min: 0xd7f0, max: 0xe010 })).map((units) => String.fromCharCode(...units)),
);
const viewKinds = [Int8Array, Uint8ClampedArray, Int16Array, Uint32Array, Float32Array, Float64Array, BigInt64Array, BigUint64Array];
const buffers = fc.uint8Array({ maxLength: 64 }).chain((bytes) =>
  fc.oneof(
    fc.constant<object>(bytes),
    fc.constant<object>(bytes.slice().buffer),
    fc.constant<object>(new DataView(bytes.slice().buffer)),
    fc.constantFrom(...viewKinds).map((Kind): object => new Kind(bytes.slice(0, bytes.length - (bytes.length % 8)).buffer)),
  ),
);
const keys = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'toString', 'then', '0', '-1', 'é'));

const values = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaf,
    buffers,
    fc.date({ noInvalidDate: false }),
    fc.constantFrom(new URL('https://user:pw@host:81/a?b#c'), /a(?<n>b)/giu, new RegExp('/')),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.array(tie('value'), { maxLength: 5 }).map(withHoles),
    fc.dictionary(keys, tie('value'), { maxKeys: 5, noNullPrototype: false }),
    fc.array(fc.tuple(tie('value'), tie('value')), { maxLength: 4 }).map((entries) => new Map(entries)),
    fc.array(tie('value'), { maxLength: 4 }).map((elements) => new Set(elements)),
    fc
      .tuple(fc.constantFrom(Error, TypeError, RangeError), fc.string(), tie('value'), fc.dictionary(fc.string(), tie('value')))
      .map(makeError),
  ),
})).value;

function withHoles(elements: readonly unknown[]): unknown[] {
  const array: unknown[] = [];
  array.length = elements.length * 2;
  for (const [index, element] of elements.entries()) array[index * 2 + (index % 2)] = element;
  return array;
}

const RESERVED = new Set(['name', 'message', 'stack', 'cause', 'errors']);
function makeError([Kind, message, cause, fields]: [ErrorConstructor, string, unknown, Record<string, unknown>]): Error {
  const error = new Kind(message, { cause });
  for (const [key, value] of Object.entries(fields))
    if (!RESERVED.has(key)) Object.defineProperty(error, key, { value, enumerable: true, writable: true, configurable: true });
  return error;
}

test('decodeValue() gives back what encodeValue() took, for any value that crosses', () => {
  fc.assert(fc.property(values, assertCrosses), { numRuns: 2000 });
});

test('encodeValue() keeps cycles and shared references through every container', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(30), fc.nat(30), fc.nat(3)), { maxLength: 60 }), (edges) => {
      const nodes = Array.from({ length: 31 }, (_, index): unknown => {
        const make = [() => ({}), () => [], () => new Map(), () => new Set(), () => new Error('node', { cause: undefined })];
        return (make[index % make.length] ?? make[0])?.();
      });
      for (const [from, to, key] of edges) connect(nodes[from], nodes[to], key);
      // Bounded nesting: a chain of 31 nodes fits in 64 levels.
      assertCrosses(nodes);
    }),
    { numRuns: 500 },
  );
});

function connect(from: unknown, to: unknown, key: number): void {
  if (Array.isArray(from)) from[key] = to;
  else if (from instanceof Map) from.set(to, from);
  else if (from instanceof Set) from.add(to);
  else if (from instanceof Error) from.cause = to;
  else Object.assign(from as object, { [`k${key}`]: to });
}

test('encodeValue() writes the same bytes for decode(encode(x)) as for x', () => {
  fc.assert(
    fc.property(values, (value) => {
      const bytes = encodeToBytes(value, { stacks: false });
      assert.deepEqual(encodeToBytes(decodeValue(bytes), { stacks: false }), bytes);
    }),
    { numRuns: 500 },
  );
});

test('decodeValue() keeps an array of a regular expression match with its fields', () => {
  const match = /(?<year>\d+)/.exec('in 2026');
  assertCrosses(match);
});

test('decodeValue() gives typed arrays memory of their own, whatever they were views of', () => {
  const whole = new Uint8Array(64).map((_, index) => index);
  const copy = roundTrip(whole.subarray(8, 16));
  assert.ok(copy instanceof Uint8Array);
  assert.equal(copy.buffer.byteLength, 8);
  const odd = roundTrip(['x', new Float64Array([1.5, 2.5])]);
  assert.deepEqual(odd, ['x', new Float64Array([1.5, 2.5])]);
});

test('encodeToBytes() writes what the chunks of encodeValue() are together, with few objects and with many, with large buffers and without', () => {
  const large = fc.constantFrom(new Uint8Array(20_000).fill(1), new Uint8Array(16_384).fill(2), 'é'.repeat(9000), 'x'.repeat(70_000));
  const many = fc.nat(20).map((count) => {
    const objects = Array.from({ length: count }, (_, id) => ({ id }));
    return [...objects, ...objects.toReversed()];
  });
  const mixed = fc.array(fc.oneof(values, large, many), { maxLength: 6 });
  fc.assert(
    fc.property(mixed, (value) => {
      const { chunks, byteLength } = encodeValue(value);
      const whole = encodeToBytes(value);
      assert.equal(whole.length, byteLength);
      assert.equal(Buffer.compare(Buffer.concat(chunks), whole), 0);
    }),
    { numRuns: 100, endOnFailure: true },
  );
});

test('encodeValue() hands large buffers on by reference, and decodeValue() can read them as views', () => {
  const large = new Uint8Array(1 << 20).fill(7);
  const encoded = encodeValue({ before: 1, large, after: 'x' });
  assert.ok(encoded.chunks.some((chunk) => chunk.buffer === large.buffer));
  assert.equal(
    encoded.byteLength,
    encoded.chunks.reduce((sum, chunk) => sum + chunk.length, 0),
  );
  const bytes = encodeToBytes({ large });
  const decoded = decodeValue(bytes, { shareBytes: true }) as { large: Uint8Array };
  assert.equal(decoded.large.buffer, bytes.buffer);
  assert.deepEqual(decoded.large, large);
});

test('decodeValue() revives errors: class, name, code, cause, errors, own fields and the stack of where they were thrown', () => {
  class HttpError extends TypeError {
    status = 503;
    override name = 'HttpError';
  }
  const error = Object.assign(new HttpError('down', { cause: new RangeError('inner') }), { code: 'E_DOWN' });
  const known = roundTrip(error, {}, { errorClass: (name) => (name === 'HttpError' ? HttpError : undefined) });
  assert.ok(known instanceof HttpError);
  const unknown = roundTrip(error) as HttpError & { code: string };
  for (const copy of [known, unknown]) {
    assert.ok(copy instanceof Error);
    assert.equal(copy.name, 'HttpError');
    assert.equal(copy.status, 503);
    assert.equal((copy as { code?: unknown }).code, 'E_DOWN');
    assert.equal(copy.stack, error.stack);
    assert.ok(copy.cause instanceof RangeError);
    assert.equal(Object.getOwnPropertyDescriptor(copy, 'stack')?.enumerable, false);
  }
  const many = roundTrip(new AggregateError([new TypeError('a'), 'b'], 'all')) as AggregateError;
  assert.ok(many instanceof AggregateError);
  assert.ok(many.errors[0] instanceof TypeError);
  assert.equal(many.errors[1], 'b');
  const ours = roundTrip(new ResproutError('STORE_IO', 'full', { saw: 'no space' })) as ResproutError;
  assert.ok(ours instanceof ResproutError);
  assert.equal(ours.problem.saw, 'no space');
  const abort = roundTrip(new DOMException('stop', 'AbortError')) as DOMException;
  assert.ok(abort instanceof DOMException);
  assert.equal(abort.name, 'AbortError');
});

test('encodeValue() leaves out the fields of an error that cannot cross, and the error arrives', () => {
  const error = Object.assign(new Error('x', { cause: () => 1 }), { code: 'E', request: { socket: () => 1 }, after: [1] });
  const copy = roundTrip({ error, after: error }) as { error: Error & { code: string }; after: Error };
  assert.equal(copy.error, copy.after);
  assert.equal(copy.error.code, 'E');
  assert.equal('request' in copy.error, false);
  assert.equal('cause' in copy.error, false);
  assert.deepEqual((copy.error as unknown as { after: unknown }).after, [1]);
});

test('encodeValue() cuts the texts of an error at the limit', () => {
  const copy = roundTrip(Object.assign(new Error('m'.repeat(1 << 20)), { stack: 's'.repeat(1 << 20) })) as Error;
  assert.equal(copy.message.length, 65_536);
  assert.equal(copy.stack?.length, 65_536);
});

test('encodeValue() names the path of what cannot cross', () => {
  class Socket {}
  const cases: [unknown, string][] = [
    [{ items: [0, 1, 2, { socket: new Socket() }] }, 'result.items[3].socket is a Socket'],
    [{ 'odd key': { f() {} } }, 'result["odd key"].f is a function (f)'],
    [() => 1, 'result is a function (anonymous)'],
    [[Symbol.iterator], 'result[0] is a symbol'],
    [new Map([['k', Promise.resolve()]]), 'result.get("k") is a Promise'],
    [new Set([new WeakMap()]), 'result<element WeakMap> is a WeakMap'],
    [{ e: new (class Agent {})() }, 'result.e is an Agent'],
    [new (class extends Map {})(), 'result is a Map'],
    [Object(1), 'result is a Number'],
    [new SharedArrayBuffer(8), 'result is a SharedArrayBuffer'],
    [(function* () {})(), 'result is a Generator'],
  ];
  for (const [value, message] of cases)
    assert.throws(
      () => encodeToBytes(value, { root: 'result' }),
      (error) => codeOf(error) === 'REMOTE_VALUE_UNSENDABLE' && error instanceof Error && error.message === message,
      message,
    );
  const proxy = new Proxy({}, {});
  assert.throws(() => encodeToBytes({ proxy }, { isProxy: (value) => value === proxy }), /value\.proxy is a proxy/);
});

test('encodeValue() reads a getter once and lets its error through', () => {
  let reads = 0;
  const value = {
    get once() {
      return ++reads;
    },
  };
  assert.deepEqual(roundTrip(value), { once: 1 });
  assert.equal(reads, 1);
  const throwing = {
    get bad(): number {
      throw new RangeError('mine');
    },
  };
  assert.throws(() => encodeToBytes(throwing), { name: 'RangeError', message: 'mine' });
});

test('encodeValue() and decodeValue() work after either of them failed half way', () => {
  assert.throws(() => encodeToBytes([{ a: 'x'.repeat(1000), f: () => 1 }]));
  assertCrosses({ a: 1 });
  assert.throws(() => decodeValue(encodeToBytes([1, 2, 3]).subarray(0, 3)));
  assertCrosses([1, 2, 3]);
});

test('encodeValue() can be called from within an extension', () => {
  const nested = {
    tag: 1000,
    name: 'Box',
    matches: (value: unknown): boolean => value instanceof Box,
    encode: (value: unknown) => encodeToBytes((value as Box).content),
    decode: (payload: unknown) => new Box(decodeValue(payload as Uint8Array)),
  };
  const copy = roundTrip(['x'.repeat(50), new Box({ a: 1 }), 'y'], { extensions: [nested] }, { extensions: [nested] }) as [
    string,
    Box,
    string,
  ];
  assert.deepEqual(copy[1].content, { a: 1 });
  assert.equal(copy[0], 'x'.repeat(50));
  assert.throws(() => decodeValue(encodeToBytes(new Box(1), { extensions: [nested] })), /extension 1000/);
});

class Box {
  content: unknown;
  constructor(content: unknown) {
    this.content = content;
  }
}

test('encodeValue() keeps cycles through the fields of an extension with fields, and refuses them through a payload', () => {
  const withFields = {
    tag: 1001,
    name: 'Box',
    withFields: true as const,
    matches: (value: unknown): boolean => value instanceof Box,
    encode: () => 'Box',
    decode: () => new Box(undefined),
  };
  const box = new Box(undefined);
  box.content = [box];
  const copy = roundTrip(box, { extensions: [withFields] }, { extensions: [withFields] }) as Box;
  assert.equal((copy.content as unknown[])[0], copy);
  const inPayload = {
    tag: 1002,
    name: 'Box',
    matches: withFields.matches,
    encode: (value: unknown) => (value as Box).content,
    decode: () => 0,
  };
  assert.throws(() => encodeToBytes({ box }, { extensions: [inPayload] }), /contains itself/);
  // Extension 1002 whose payload is a reference to the extension itself: 22, varint 1002, then reference 0.
  const hostile = new Uint8Array([22, 0xea, 0x07, 20, 0]);
  assert.throws(() => decodeValue(hostile, { extensions: [inPayload] }), /not complete/);
});

test('encodeValue() refuses what is too deep, too large or has too many parts before it is written out', () => {
  let deep: unknown = 1;
  for (let level = 0; level < 65; level++) deep = [deep];
  assert.throws(
    () => encodeToBytes(deep),
    (error) => codeOf(error) === 'REMOTE_VALUE_UNSENDABLE' && /64 levels/.test(String(error)),
  );
  assert.throws(
    () => encodeToBytes(Array.from({ length: 1_000_001 }, () => 0)),
    (error) => codeOf(error) === 'WIRE_LIMIT',
  );
  const sparse: unknown[] = [];
  sparse.length = 4_000_000_000;
  assert.throws(
    () => encodeToBytes(sparse),
    (error) => codeOf(error) === 'WIRE_LIMIT',
  );
  assert.throws(
    () => encodeToBytes({ a: new Uint8Array(2000) }, { limits: { bytes: 1000 } }),
    (error) => codeOf(error) === 'WIRE_LIMIT',
  );
  assert.throws(
    () =>
      encodeToBytes(
        Array.from({ length: 100 }, () => 'x'.repeat(20)),
        { limits: { bytes: 1000 } },
      ),
    (error) => codeOf(error) === 'WIRE_LIMIT',
  );
});

test('encodeValue() with salvage writes a stand-in for a failed field and loses nothing else', () => {
  const shared = { s: 1 };
  const inside = { inner: new Uint8Array(20_000) };
  const late = { l: 1 };
  const value = {
    a: shared,
    bad: [shared, inside, () => 1],
    b: shared,
    list: [{ bad: () => 1, good: shared }],
    late: [late, inside],
    again: [late, inside],
  };
  const paths: string[] = [];
  const copy = roundTrip(value, {
    salvage: (_, path) => {
      paths.push(path);
      return 'gone';
    },
  }) as Omit<typeof value, 'bad'> & { bad: unknown };
  assert.deepEqual(paths, ['value.bad', 'value.list[0].bad']);
  assert.equal(copy.bad, 'gone');
  assert.equal(copy.a, copy.b);
  assert.equal(copy.list[0]?.good, copy.a);
  assert.deepEqual(copy.late, value.late);
  assert.equal(copy.late[0], copy.again[0]);
  assert.equal(copy.late[1], copy.again[1]);
});

test('encodeValue() writes every kind whole wherever it meets the end of its buffer', () => {
  const regExp = /y/g;
  regExp.lastIndex = 2 ** 30;
  const error = new Error('x', { cause: 70_000 });
  const kinds = [
    regExp,
    error,
    70_000,
    -70_000,
    1.5,
    5n,
    'é',
    '\ud800',
    [1],
    { a: 1 },
    new Map([[1, 2]]),
    new Date(1),
    new URL('http://a/'),
  ];
  const tooLargeToKeep = Array.from({ length: 100 }, () => new Uint8Array(16_000));
  const filling = Array.from({ length: 4 }, () => new Uint8Array(16_000));
  for (const kind of kinds)
    for (let left = 0; left < 40; left++) {
      // After a value that large the next one begins with a fresh buffer of 65,536 bytes.
      encodeValue(tooLargeToKeep);
      assertCrosses([...filling, new Uint8Array(65_536 - 64_000 - 30 - left), kind, kind, { kind }]);
    }
});

test('encodeValue() writes texts of every length and width', () => {
  const lengths = [...Array.from({ length: 140 }, (_, length) => length), 5460, 5461, 5462, 16_383, 16_384, 70_000];
  for (const unit of ['a', '\u007f', '\u0080', 'é', '€', '\ud83d\ude00', '\udc00'])
    for (const length of lengths) assertCrosses([unit.repeat(length), `a${unit.repeat(length)}`]);
});
