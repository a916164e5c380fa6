// Values that an honest peer never writes, and values of programs that make it hard to read them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import vm from 'node:vm';
import { codeOf } from '../base/errors/errors.ts';
import { decodeValue, encodeToBytes, type ValueExtension } from './index.ts';
import { TAG } from './tags/value-tags.ts';

const codeOfReading = (bytes: Uint8Array): string | undefined => {
  try {
    decodeValue(bytes);
    return undefined;
  } catch (error) {
    return codeOf(error) ?? `uncoded: ${String(error)}`;
  }
};

const short = (text: string): number[] => [...encodeToBytes(text)];

test('an array whose fields claim elements or a length is refused', () => {
  for (const key of ['length', '0', '7', '4294967294', '12'])
    for (const value of [0, -1, 1.5, 'x', [], Number.MAX_SAFE_INTEGER])
      assert.equal(
        codeOfReading(new Uint8Array([TAG.ARRAY_WITH_FIELDS, 0, 1, ...short(key), ...encodeToBytes(value)])),
        'WIRE_BAD_VALUE',
        `${key} = ${String(value)}`,
      );
  for (const key of ['4294967295', '01', '-1', '1.5', 'a', '__proto__']) {
    const array = decodeValue(new Uint8Array([TAG.ARRAY_WITH_FIELDS, 0, 1, ...short(key), ...encodeToBytes(1)]));
    assert.ok(Array.isArray(array) && array.length === 0 && Object.getOwnPropertyDescriptor(array, key)?.value === 1, key);
  }
});

test('fields of an array whose names only look like indices cross', () => {
  const array: unknown = Object.assign([1, 2], { '1.5': 'a', '4294967295': 'b', '01': 'c', '-0': 'd', '1e21': 'e' });
  assert.deepEqual(decodeValue(encodeToBytes(array)), array);
});

test('an error whose own fields stand for its name, message or stack is refused', () => {
  const head = encodeToBytes(Object.assign(new Error('m'), { code: 'E' }));
  for (const key of ['name', 'stack', 'message']) {
    // The field `code` renamed: its length byte and its text are the last ones before the value.
    const at = Buffer.from(head).lastIndexOf('code');
    const bytes = Buffer.concat([head.subarray(0, at - 1), Uint8Array.from(short(key)), head.subarray(at + 4)]);
    assert.equal(codeOfReading(bytes), 'WIRE_BAD_VALUE', key);
  }
});

test('what an extension throws, and a field that its object refuses, are coded', () => {
  const frozen: ValueExtension = {
    tag: 77,
    name: 'frozen',
    withFields: true,
    matches: () => false,
    encode: () => 0,
    decode: () => Object.freeze({}),
  };
  const bytes = new Uint8Array([TAG.EXTENSION_WITH_FIELDS, 77, ...encodeToBytes(0), 1, ...short('a'), ...encodeToBytes(1)]);
  assert.throws(() => decodeValue(bytes, { extensions: [frozen] }), { code: 'WIRE_BAD_VALUE' });
});

/** The hash of an integer in V8, which has no seed; others of the same place follow by trying. */
function hashOf(key: number): number {
  let hash = key | 0;
  hash = ~hash + (hash << 15);
  hash ^= hash >>> 12;
  hash = (hash + (hash << 2)) | 0;
  hash ^= hash >>> 4;
  hash = Math.imul(hash, 2057);
  hash ^= hash >>> 16;
  return hash & 0x3fff_ffff;
}

test('keys that collide do not hold up the reader, whatever they are', { timeout: 120_000 }, () => {
  const bigints = Array.from({ length: 60_000 }, (_, index) => BigInt(index + 1) << 64n);
  const integers: number[] = [];
  for (let key = 0; integers.length < 60_000 && key < 0x7fff_ffff; key++) if ((hashOf(key) & 0x7fff) === 0) integers.push(key);
  for (const [name, keys] of Object.entries({ bigints, integers })) {
    for (const value of [new Set<unknown>(keys.slice(0, 1000)), new Map<unknown, unknown>(keys.slice(0, 1000).map((key) => [key, 1]))])
      assert.deepEqual(decodeValue(encodeToBytes(value)), value, name);
    // Written by hand: a Set of them would take the writer as long.
    const body = Buffer.concat(keys.map((key) => encodeToBytes(key)));
    const count = Uint8Array.from([(keys.length & 127) | 128, ((keys.length >> 7) & 127) | 128, keys.length >> 14]);
    const bytes = Buffer.concat([Uint8Array.from([TAG.SET]), count, body]);
    const before = process.cpuUsage();
    try {
      decodeValue(bytes);
    } catch (error) {
      assert.equal(codeOf(error), 'WIRE_LIMIT');
    }
    const { user } = process.cpuUsage(before);
    assert.ok(user < 10e6, `${name}: ${String(user / 1e6)} s`);
  }
});

test('a million honest keys of every kind are read', { timeout: 120_000 }, () => {
  const keys = Array.from({ length: 300_000 }, (_, index) => [BigInt(index) * 1_000_003n, index + 0.5, 1_760_000_000_000 + index]).flat();
  const read = decodeValue(encodeToBytes(new Set<unknown>(keys)));
  assert.ok(read instanceof Set && read.size === keys.length);
});

test('a long text with lone surrogates is read in the time of a long text', { timeout: 60_000 }, () => {
  const text = `\ud800${'ab'.repeat(4_000_000)}`;
  const before = process.cpuUsage();
  assert.equal(decodeValue(encodeToBytes(text)), text);
  assert.ok(process.cpuUsage(before).user < 5e6);
});

test('an error that cannot be read arrives as one that says so', () => {
  for (const key of ['message', 'name', 'stack', 'cause', 'code']) {
    const error = new Error('real');
    Object.defineProperty(error, key, {
      enumerable: true,
      get() {
        throw new Error('x');
      },
    });
    const read = decodeValue(encodeToBytes(error));
    assert.ok(read instanceof Error, key);
    if (key === 'message') assert.match(read.message, /could not be read/);
    else assert.equal(read.message, 'real');
  }
});

test('values of another realm are read as those of this one', () => {
  const context = vm.createContext({});
  const of = (text: string): unknown => vm.runInContext(text, context);
  const pairs: [string, unknown][] = [
    ['new Date(5)', new Date(5)],
    ['new Map([[1, new Set([2])]])', new Map([[1, new Set([2])]])],
    ['/a+/gi', /a+/gi],
    ['new Uint16Array([1, 2])', new Uint16Array([1, 2])],
    ['new DataView(new ArrayBuffer(2))', new DataView(new ArrayBuffer(2))],
    ['new Uint8Array([1, 2]).buffer', new Uint8Array([1, 2]).buffer],
    ['[1, [2], { a: [3] }]', [1, [2], { a: [3] }]],
    ['Object.create(null)', Object.create(null)],
  ];
  for (const [text, expected] of pairs) assert.deepEqual(decodeValue(encodeToBytes(of(text))), expected, text);
  const error = decodeValue(encodeToBytes(of('new RangeError("far")')));
  assert.ok(error instanceof RangeError && error.message === 'far');
});

test('instances of classes below a built-in kind are refused by the name of their class, also when they pretend', () => {
  class List extends Array<number> {}
  class Table extends Map<number, number> {}
  const pretender: unknown = Object.create({ constructor: Map }, {});
  for (const [value, name] of [
    [List.of(1, 2), 'List'],
    [new Table(), 'Table'],
    [pretender, 'Map'],
  ] as const)
    assert.throws(() => encodeToBytes({ value }), { code: 'REMOTE_VALUE_UNSENDABLE', message: new RegExp(`value\\.value is an? ${name}`) });
  assert.deepEqual(decodeValue(encodeToBytes(List.of(1, 2), { arrayClasses: true })), [1, 2]);
  const foreign: unknown = vm.runInNewContext('class Far extends Date {}; new Far()');
  assert.throws(() => encodeToBytes(foreign), { code: 'REMOTE_VALUE_UNSENDABLE', message: /Far/ });
});

test('an object literal that is iterable by itself is offered to the extensions, and is plain when none takes it', () => {
  const value = { a: 1, [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve({ done: true, value: undefined }) }) };
  const stream: ValueExtension = { tag: 5, name: 'stream', matches: (it) => it === value, encode: () => 'here', decode: (it) => it };
  assert.equal(decodeValue(encodeToBytes(value, { extensions: [stream] }), { extensions: [stream] }), 'here');
  assert.deepEqual(decodeValue(encodeToBytes(value)), { a: 1 });
});

test('bytes that were given away are refused by name', () => {
  const buffer = new ArrayBuffer(8);
  const view = new Uint16Array(buffer);
  structuredClone(buffer, { transfer: [buffer] });
  for (const [value, name] of [
    [buffer, 'ArrayBuffer'],
    [view, 'Uint16Array'],
    [new Uint8Array(0), undefined],
  ] as const) {
    if (name === undefined) assert.ok(decodeValue(encodeToBytes(value)));
    else
      assert.throws(() => encodeToBytes({ value }), {
        code: 'REMOTE_VALUE_UNSENDABLE',
        message: `value.value is an ${name} that is detached`.replace('an U', 'a U'),
      });
  }
});
