import { test } from 'node:test';
import assert from 'node:assert/strict';
import net from 'node:net';
import { Readable } from 'node:stream';
import { codeOf } from '../../../base/errors/errors.ts';
import { Secret } from '../../../base/secret.ts';
import { keyedHash } from '../../../platform/keyed-hash.ts';
import { nodeKinds as kinds } from '../../../platform/values/node-kinds.ts';
import { NotRecordable, decodeRecorded, encodeRecorded, hashArgs, settleBodies, type RecordOptions } from '../index.ts';

async function copyOf<T>(value: T, options: Partial<RecordOptions> = {}): Promise<T> {
  const bodies = await settleBodies(value, { kinds });
  return decodeRecorded(encodeRecorded(value, { kinds, bodies, ...options }).bytes, { kinds }) as T;
}

function refusalOf(value: unknown, options: Partial<RecordOptions> = {}): NotRecordable {
  try {
    encodeRecorded(value, { kinds, ...options });
  } catch (error) {
    assert.ok(error instanceof NotRecordable, String(error));
    return error;
  }
  return assert.fail('it was recorded');
}

const SYNC = { ghosts: false, behaviourIsLive: true };

class Receipt {
  id = 7;
  lines = [{ sku: 'a', count: 2 }];
  total(): number {
    return this.lines.length;
  }
}

test('encodeRecorded() keeps web values: symbols, parameters, headers, signals, boxes, Buffers', async () => {
  const value = {
    symbol: Symbol.for('key'),
    params: new URLSearchParams('a=1&b=2'),
    headers: new Headers({ x: 'y' }),
    aborted: AbortSignal.abort(new RangeError('late')),
    open: new AbortController().signal,
    box: Object(5n) as object,
    buffer: Buffer.from('héé'),
    bytes: new Uint8Array([1, 2]),
    again: undefined as unknown,
  };
  value.again = value.buffer;
  const copy = await copyOf(value);
  assert.equal(copy.symbol, value.symbol);
  assert.equal(String(copy.params), 'a=1&b=2');
  assert.deepEqual([...copy.headers], [['x', 'y']]);
  assert.ok(copy.aborted.aborted && copy.aborted.reason instanceof RangeError);
  assert.equal(copy.open.aborted, false);
  assert.equal(copy.box.valueOf(), 5n);
  assert.ok(Buffer.isBuffer(copy.buffer));
  assert.equal(copy.buffer.toString(), 'héé');
  assert.equal(copy.buffer.buffer.byteLength, copy.buffer.length, 'it is not a view of a pool');
  assert.ok(!Buffer.isBuffer(copy.bytes));
  assert.equal(copy.again, copy.buffer);
});

test('settleBodies() reads responses, requests, blobs, files and streams inside a result, and decodeRecorded() gives them back', async () => {
  const form = new FormData();
  form.append('field', 'value');
  form.append('file', new File(['content'], 'a.txt', { type: 'text/plain', lastModified: 5 }));
  const value = {
    response: new Response('hello', { status: 201, statusText: 'Made', headers: { a: 'b' } }),
    empty: new Response(null, { status: 204 }),
    failed: Response.error(),
    request: new Request('https://a.example/x', { method: 'POST', body: 'sent' }),
    list: [new Blob(['blob'], { type: 'x/y' })],
    Body: Object.assign(Readable.from(['one ', 'two']), { transformToString: () => Promise.resolve('') }),
    form,
  };
  const copy = await copyOf(value);
  assert.equal(copy.response.status, 201);
  assert.equal(copy.response.statusText, 'Made');
  assert.equal(copy.response.headers.get('a'), 'b');
  assert.equal(await copy.response.text(), 'hello');
  assert.equal(copy.empty.status, 204);
  assert.equal(copy.failed.status, 0);
  assert.equal(copy.failed.type, 'error');
  assert.equal(copy.request.method, 'POST');
  assert.equal(await copy.request.text(), 'sent');
  assert.equal(await copy.list[0]?.text(), 'blob');
  assert.equal(await copy.Body.transformToString(), 'one two');
  assert.deepEqual(await copy.Body.toArray(), [Buffer.from('one two')]);
  assert.equal(copy.form.get('field'), 'value');
  const file = copy.form.get('file');
  assert.ok(file instanceof File);
  assert.deepEqual([file.name, file.type, file.lastModified, await file.text()], ['a.txt', 'text/plain', 5, 'content']);
});

test('settleBodies() stops at its limit and gives the rest up', async () => {
  let isCancelled = false;
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new Uint8Array(1024)),
    cancel() {
      isCancelled = true;
    },
  });
  await assert.rejects(
    settleBodies(new Response(endless), { kinds, limitBytes: 10_000 }),
    (error) => codeOf(error) === 'JOURNAL_VALUE_TOO_LARGE',
  );
  assert.ok(isCancelled);
  await assert.rejects(
    settleBodies([new Blob([new Uint8Array(20)])], { kinds, limitBytes: 10 }),
    (error) => codeOf(error) === 'JOURNAL_VALUE_TOO_LARGE',
  );
  const stream = new Readable({ read() {} });
  stream.push('x'.repeat(20));
  await assert.rejects(settleBodies({ stream }, { kinds, limitBytes: 10 }), (error) => codeOf(error) === 'JOURNAL_VALUE_TOO_LARGE');
  assert.ok(stream.destroyed);
});

test('settleBodies() ends with its signal while a body gives nothing', async () => {
  const controller = new AbortController();
  const silent = new Response(new ReadableStream({ pull: () => new Promise(() => {}) }));
  const stream = new Readable({ read() {} });
  const waiting = [
    settleBodies(silent, { kinds, signal: controller.signal }),
    settleBodies({ stream }, { kinds, signal: controller.signal }),
  ];
  controller.abort(new Error('cancelled'));
  for (const wait of waiting) await assert.rejects(wait, /cancelled/);
  assert.ok(stream.destroyed);
});

test('settleBodies() leaves a stream that is the result itself, a socket and an unreadable response alone', async () => {
  const root = Readable.from(['a']);
  const socket = new net.Socket();
  const used = new Response('x');
  await used.text();
  assert.equal((await settleBodies(root, { kinds })).size, 0);
  assert.equal((await settleBodies({ socket, used }, { kinds })).size, 0);
  assert.equal(root.readableDidRead, false);
  socket.destroy();
});

test('encodeRecorded() says which results are live objects', () => {
  const socket = new net.Socket();
  const live: [unknown, string][] = [
    [() => 1, 'Function'],
    [class Thing {}, 'Function'],
    [new Proxy({ a: 1 }, {}), 'Proxy'],
    [Promise.resolve(1), 'Promise'],
    [(function* () {})(), 'Generator'],
    [[1].values(), 'Iterator'],
    [{ send() {}, close() {} }, 'Object'],
    [{ data: 1, [Symbol.asyncIterator]() {} }, 'Object'],
    [{ id: 1, [Symbol.dispose]() {} }, 'Object'],
    [new WeakMap(), 'WeakMap'],
    [Readable.from(['a']), 'Readable'],
    [socket, 'Socket'],
    [new (class Empty {})(), 'Empty'],
    [new (class Client extends Map {})(), 'Client'],
  ];
  for (const [value, className] of live) {
    const refusal = refusalOf(value);
    assert.equal(refusal.isLive, true, className);
    assert.equal(refusal.className, className);
    assert.equal(refusal.path, 'result');
  }
  socket.destroy();
});

test('encodeRecorded() says which data cannot be written although it is not live', () => {
  let deep: unknown = 1;
  for (let level = 0; level < 201; level++) deep = [deep];
  for (const value of [Symbol('unique'), deep, new Secret('s'), [new Secret('s')]]) assert.equal(refusalOf(value).isLive, false);
  assert.match(refusalOf([new Secret('hunter2')]).message, /result\[0\] is a Secret$/);
});

test('encodeRecorded() records an instance with data, and its unrecordable fields become ghosts', async () => {
  const result = Object.assign(new Receipt(), { client: new net.Socket(), callback: (): number => 1, self: undefined as unknown });
  result.self = result;
  const { bytes, ghosts } = encodeRecorded(result, { kinds });
  assert.equal(ghosts, 2);
  const copy = decodeRecorded(bytes, { kinds }) as typeof result;
  assert.equal(copy.constructor.name, 'Receipt');
  assert.equal(copy.self, copy);
  assert.deepEqual(copy.lines, result.lines);
  assert.equal(typeof copy.total, 'undefined');
  assert.throws(
    () => copy.client,
    (error) => codeOf(error) === 'JOURNAL_VALUE_UNRECORDABLE' && /"\.client" was not recorded: it is a Socket/.test(String(error)),
  );
  copy.callback = () => 2;
  assert.equal(copy.callback(), 2);
  result.client.destroy();
  assert.deepEqual(await copyOf(JSON.parse(JSON.stringify({ a: [1, { b: null }] }))), { a: [1, { b: null }] });
});

test('encodeRecorded() with the options of synchronous calls makes any unrecordable part live', () => {
  assert.equal(refusalOf(new Receipt(), SYNC).isLive, true);
  assert.equal(refusalOf({ rows: [1], next: () => 1 }, SYNC).path, 'result.next');
  assert.equal(refusalOf(new Receipt(), { ghosts: false }).className, 'Receipt');
  const data = Object.assign(Object.create({ toJSON() {} }) as object, { id: 1 });
  assert.equal(encodeRecorded(data, { kinds, behaviourIsLive: true }).ghosts, 0);
});

test('encodeRecorded() refuses what is larger than the limit and ghosts nothing of it', () => {
  for (const value of [
    new Uint8Array(17 * 1024 * 1024),
    { text: 'x'.repeat(17 * 1024 * 1024) },
    { f: () => 1, b: new Uint8Array(17 * 1024 * 1024) },
  ])
    assert.throws(
      () => encodeRecorded(value, { kinds }),
      (error) => codeOf(error) === 'JOURNAL_VALUE_TOO_LARGE',
    );
});

test('decodeRecorded() meets 20,000 mutants with a value or JOURNAL_CORRUPT', async () => {
  const value = {
    response: new Response('x', { headers: { a: 'b' } }),
    params: new URLSearchParams('a=1'),
    receipt: new Receipt(),
    box: Object('s') as object,
    signal: AbortSignal.abort(1),
    file: new File(['x'], 'n'),
    buffer: Buffer.from('abc'),
    ghost: () => 1,
  };
  const { bytes } = encodeRecorded(value, { kinds, bodies: await settleBodies(value, { kinds }) });
  let state = 99;
  const random = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 0x1_0000_0000) * below);
  };
  let refused = 0;
  for (let round = 0; round < 20_000; round++) {
    const mutant = bytes.slice();
    for (let change = random(3); change >= 0; change--) mutant[random(mutant.length)] = random(256);
    try {
      decodeRecorded(mutant, { kinds });
    } catch (error) {
      assert.equal(codeOf(error), 'JOURNAL_CORRUPT', String(error));
      refused++;
    }
  }
  assert.ok(refused > 5000 && refused < 20_000, String(refused));
});

test('hashArgs() is the same for the same data and tells other data apart', () => {
  const hash = (...args: unknown[]): string => hashArgs(args, { kinds });
  assert.match(hash(), /^[0-9a-z]{13}$/);
  assert.equal(hash(1, { a: [new Map([['k', 1]])] }), hash(1, { a: [new Map([['k', 1]])] }));
  assert.equal(hash(new Error('x')), hash(new Error('x')), 'stacks do not count');
  assert.equal(
    hash(() => 1, new Receipt(), { s: Symbol('x') }),
    hash(() => 2, new Receipt(), { s: Symbol('x') }),
  );
  assert.equal(hash(new Response('a')), hash(new Response('b')), 'unread bodies count by their class');
  const different = [
    hash(1),
    hash('1'),
    hash([1]),
    hash({ a: 1 }),
    hash(new Receipt()),
    hash(() => 1),
    hash(Buffer.from('a')),
    hash(undefined),
    hash(),
  ];
  assert.equal(new Set(different).size, different.length);
  const inputs = Array.from({ length: 20_000 }, (_, index) => hash(index));
  assert.equal(new Set(inputs).size, inputs.length);
});

test('hashArgs() never takes the text of a Secret, and takes its keyed hash when there is one', () => {
  const hash = (text: string, key?: string): string =>
    hashArgs([new Secret(text)], { kinds, secretHash: key === undefined ? undefined : (secret) => keyedHash(Buffer.from(key), secret) });
  assert.equal(hash('one'), hash('two'));
  assert.notEqual(hash('one', 'k'), hash('two', 'k'));
  assert.notEqual(hash('one', 'k'), hash('one', 'of another store'));
  assert.equal(hash('one', 'k'), hash('one', 'k'));
});
