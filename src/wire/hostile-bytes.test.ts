import { test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { inspect } from 'node:util';
import { codeOf } from '../base/errors/errors.ts';
import { FrameReader, decodeValue, encodeFrame, encodeToBytes } from './index.ts';
import { TAG } from './tags/value-tags.ts';

/** Deterministic: a failing mutant can be made again. */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 0x1_0000_0000) * below);
  };
}

function seeds(): Uint8Array[] {
  const shared = { x: 1 };
  return [
    { id: 7, fn: 'upgrade', args: ['2.4.1', { hosts: ['a', 'b'], force: true }], at: 1.5, shared, again: shared },
    [new Map([['k', new Set([1, 'two'])]]), new Date(0), /a+(b)/gi, new URL('https://a/b?c')],
    [new Uint8Array(40), new Float64Array(4), new ArrayBuffer(9), new DataView(new ArrayBuffer(3)), 12345678901234567890n],
    Object.assign(new AggregateError([new TypeError('x')], 'all', { cause: new Error('y') }), { code: 'E', list: [1, undefined, null] }),
    ['\ud800 lone', 'héé'.repeat(40), 'x'.repeat(200), -1, -0, NaN, Object.assign([1], { f: 2 })],
  ].map((value) => encodeToBytes(value));
}

function mutate(bytes: Uint8Array, random: (below: number) => number): Uint8Array {
  const mutant = bytes.slice();
  for (let change = random(4); change >= 0; change--) {
    const at = random(mutant.length);
    const way = random(4);
    if (way === 0) mutant[at] = random(256);
    else if (way === 1) mutant[at] = [TAG.REF, TAG.ARRAY, TAG.OBJECT, TAG.MAP, TAG.EXTENSION, TAG.BYTES, TAG.BIGINT, 255][random(8)] ?? 0;
    else if (way === 2) mutant[at] = (mutant[at] ?? 0) ^ (1 << random(8));
    else mutant.copyWithin(at, random(mutant.length), random(mutant.length));
  }
  return random(8) === 0 ? mutant.subarray(0, random(mutant.length)) : mutant;
}

test('decodeValue() meets 30,000 mutants with a value or a coded error, in bounded time and memory', () => {
  const random = randomOf(20261124);
  const originals = seeds();
  let refused = 0;
  let slowestMs = 0;
  for (let round = 0; round < 30_000; round++) {
    const mutant = mutate(originals[round % originals.length] ?? new Uint8Array(), random);
    const start = performance.now();
    try {
      decodeValue(mutant);
    } catch (error) {
      const code = codeOf(error);
      assert.ok(code === 'WIRE_BAD_VALUE' || code === 'WIRE_LIMIT', `mutant ${round}: ${String(error)}`);
      refused++;
    }
    slowestMs = Math.max(slowestMs, performance.now() - start);
  }
  assert.ok(refused > 5000, `only ${refused} mutants were refused: the mutations are too tame`);
  assert.ok(refused < 30_000, 'every mutant was refused: the mutations are too wild');
  assert.ok(slowestMs < 15_000, `one mutant took ${slowestMs} ms`);
});

test('decodeValue() tells nothing of what it read in the error of a value that it refuses', () => {
  const secret = 'canary-5b1e77';
  const whole = encodeToBytes({ [secret]: secret, list: [secret, new Map([[secret, new Error(secret, { cause: secret })]])] });
  const refused = [whole.subarray(0, -1), new Uint8Array([...whole, 0]), new Uint8Array([TAG.ARRAY, 2, ...whole, 63])];
  for (const bytes of refused)
    assert.throws(
      () => decodeValue(bytes),
      (error) => codeOf(error) === 'WIRE_BAD_VALUE' && !inspect(error, { depth: 9 }).includes(secret),
    );
  const random = randomOf(5);
  for (let round = 0; round < 5000; round++) {
    try {
      decodeValue(mutate(whole, random));
    } catch (error) {
      assert.ok(error instanceof Error && !error.message.includes(secret), String(error));
    }
  }
});

test('decodeValue() keeps within 64 MiB of heap whatever the bytes claim', () => {
  const script = `
    const { decodeValue } = await import(${JSON.stringify(new URL('./index.ts', import.meta.url).href)});
    const max = [255, 255, 255, 255, 15];
    const bombs = [10, 11, 12, 13, 14, 15, 8, 9, 20].map((tag) => new Uint8Array([tag, ...max, 24, 24, 24]));
    for (let kind = 0; kind < 14; kind++) bombs.push(new Uint8Array([18, kind, ...max, 0]));
    const nested = [];
    for (let level = 0; level < 60; level++) nested.push(10, 60);
    bombs.push(new Uint8Array([...nested, ...new Array(60).fill(24)]));
    bombs.push(new Uint8Array(1_000_000).fill(10), new Uint8Array(1_000_000).fill(22), new Uint8Array(1_000_000).fill(19));
    let refused = 0;
    for (const bomb of bombs) { try { decodeValue(bomb); } catch (error) { if (/^WIRE_/.test(error.code)) refused++; else throw error; } }
    if (refused !== bombs.length) throw new Error('only ' + refused + ' of ' + bombs.length + ' bombs were refused');
    console.log(refused);`;
  const out = execFileSync(process.execPath, ['--max-old-space-size=64', '--input-type=module', '-e', script], { encoding: 'utf8' });
  assert.ok(Number(out) > 20);
});

test('decodeValue() stops at its limits of depth and of parts', () => {
  const deep = new Uint8Array(200);
  for (let level = 0; level < 100; level++) deep.set([TAG.ARRAY, 1], level * 2);
  assert.throws(
    () => decodeValue(deep),
    (error) => codeOf(error) === 'WIRE_LIMIT',
  );
  assert.throws(
    () => decodeValue(encodeToBytes([1, 2, 3]), { limits: { nodes: 3 } }),
    (error) => codeOf(error) === 'WIRE_LIMIT',
  );
  assert.throws(
    () => decodeValue(encodeToBytes('x'.repeat(100)), { limits: { bytes: 50 } }),
    (error) => codeOf(error) === 'WIRE_LIMIT',
  );
});

test('decodeValue() reads names as data: no prototype is reached or changed', () => {
  const bytes = encodeToBytes(JSON.parse('{"__proto__":{"canary":1},"constructor":{"prototype":{"canary":1}},"toString":2,"then":null}'));
  const copy = decodeValue(bytes) as object;
  assert.equal(Object.getPrototypeOf(copy), Object.prototype);
  assert.deepEqual(Object.keys(copy), ['__proto__', 'constructor', 'toString', 'then']);
  assert.equal(({} as { canary?: unknown }).canary, undefined);
  const error = Object.assign(new Error('x'), { constructor: 1, toString: 2 });
  Object.defineProperty(error, '__proto__', { value: { canary: 1 }, enumerable: true });
  const errorCopy = decodeValue(encodeToBytes(error)) as Error;
  assert.equal(Object.getPrototypeOf(errorCopy), Error.prototype);
  assert.equal(errorCopy.toString, 2 as never);
});

test('decodeValue() works where the prototypes of the language are frozen or have setters', () => {
  const script = `
    const { decodeValue, encodeToBytes } = await import(${JSON.stringify(new URL('./index.ts', import.meta.url).href)});
    let hits = 0;
    Object.defineProperty(Object.prototype, 'trap', { set() { hits++; }, get() { hits++; }, configurable: true });
    for (const kind of [Object, Array, Map, Set, Error, RegExp, Date, Function]) Object.freeze(kind.prototype);
    const value = { toString: 1, valueOf: 2, hasOwnProperty: 3, list: [1], e: Object.assign(new Error('x'), { code: 'E' }) };
    Object.defineProperty(value, 'trap', { value: 4, enumerable: true });
    const copy = decodeValue(encodeToBytes(value));
    console.log(JSON.stringify([copy.toString, copy.valueOf, copy.hasOwnProperty, Object.getOwnPropertyDescriptor(copy, 'trap').value, copy.e.code, hits]));`;
  const out = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  assert.deepEqual(JSON.parse(out), [1, 2, 3, 4, 'E', 0]);
});

test('decodeValue() refuses what no encoder writes', () => {
  const cases: readonly (readonly number[])[] = [
    [],
    [25],
    [63],
    [TAG.HOLE],
    [TAG.INT, 255, 255, 255, 255, 255, 1],
    [0x80 + 1, 200],
    [TAG.STRING, 2, 0xc3, 0x28],
    [TAG.STRING_16, 1, 0],
    [TAG.BIGINT, 0x80 + 1, 0x78],
    [TAG.REF, 0],
    [TAG.EXTENSION, 1, 0],
    [TAG.BYTES, 8, 3, 0, 0, 0],
    [TAG.BYTES, 99, 0],
    [TAG.REGEXP, 0x80 + 1, 0x28, 0x80, 0x40],
    [TAG.REGEXP, 0x80 + 1, 0x61, 0x80 + 1, 0x71, 0x40],
    [TAG.URL, 0x80 + 1, 0x78],
    [TAG.OBJECT, 1, 0x40, 0x40],
    [TAG.ERROR, 0x80, 0x80, 0x80, 0x40, 0, 0],
    [TAG.NULL, TAG.NULL],
  ];
  for (const bytes of cases)
    assert.throws(
      () => decodeValue(new Uint8Array(bytes)),
      (error) => codeOf(error) === 'WIRE_BAD_VALUE',
      String(bytes),
    );
});

test('FrameReader meets 20,000 mutants of a stream with frames or a coded error', () => {
  const random = randomOf(7);
  const stream = new Uint8Array([
    ...encodeFrame({ dst: 1, src: 2, auth: 2, handle: 101, replyTo: 1000, payload: new Uint8Array(100) }),
    ...encodeFrame({ dst: 0, src: 2, auth: 2, handle: 1000, replyTo: 0, payload: new Uint8Array(0) }),
  ]);
  let refused = 0;
  for (let round = 0; round < 20_000; round++) {
    const mutant = mutate(stream, random);
    const reader = new FrameReader();
    try {
      for (let at = 0; at < mutant.length; at += 1 + random(60)) reader.push(mutant.slice(at, at + 1 + random(60)));
    } catch (error) {
      const code = codeOf(error);
      assert.ok(code === 'WIRE_BAD_FRAME' || code === 'WIRE_LIMIT', String(error));
      refused++;
    }
  }
  assert.ok(refused > 5000 && refused < 20_000, String(refused));
});
