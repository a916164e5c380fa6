// Calls of far functions in real processes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ResproutError } from '../../src/base/errors/errors.ts';
import { LIMITS } from '../../src/wire/limits.ts';
import { rig, testServer } from './support.ts';

const OPS = `
import { spawnSync } from 'node:child_process';
let aborted = 'no';
export class OddError extends Error { constructor(message, options) { super(message, options); this.name = 'OddError'; this.extra = { n: 7 }; } }
function add(a, b) { return a + b; }
function fail() { throw new OddError('odd', { cause: new RangeError('why') }); }
function echo(value) { return value; }
function unsendable() { return { list: [1, { deep: () => 1 }] }; }
async function never() {
  const { contextInfo } = await import('resprout');
  const { signal } = contextInfo();
  signal.addEventListener('abort', () => { aborted = signal.reason.code ?? 'yes'; });
  return new Promise(() => {});
}
function wasAborted() { return aborted; }
function argument(signal) { return new Promise((resolve) => signal.addEventListener('abort', () => resolve(signal.reason))); }
function exit(code) { console.log('last words'); process.stdout.write('raw words\\n'); process.exit(code); }
function print(bytes) { const line = 'x'.repeat(99) + '\\n'; for (let n = 0; n < bytes; n += 100) process.stdout.write(line); return 'printed'; }
function spin() { for (;;); }
function crash() { setTimeout(() => { throw new OddError('thrown later'); }, 1); return new Promise(() => {}); }
function reject() { Promise.reject(new OddError('nobody looks')); return new Promise(() => {}); }
async function* count(n) { try { for (let i = 0; i < n; i++) { produced = i + 1; yield i; } } finally { ended = true; } }
let produced = 0, ended = false;
function streamState() { return { produced, ended }; }
async function sum(numbers) { let total = 0; for await (const n of numbers) total += n; return total; }
let order = [];
async function step(name, ms) { await new Promise((r) => setTimeout(r, ms)); order.push(name); if (name === 'bad') throw new OddError('step failed'); return name; }
function steps() { return order; }
async function nap(duration) { const { sleep } = await import('resprout/durable'); const began = performance.now(); await sleep(duration); return performance.now() - began; }
async function* failing() { yield 1; throw new OddError('in the stream'); }
function parent() { return process.ppid; }
function run(...words) { process.stdout.write('written first\\n'); return spawnSync(words[0], words.slice(1), { stdio: 'inherit' }).status; }
function size(bytes) { return bytes.length; }
`;
const NAMES = ['add', 'fail', 'echo', 'unsendable', 'never', 'wasAborted', 'argument', 'exit', 'print', 'spin', 'crash', 'reject', 'count'];
const MORE = ['streamState', 'sum', 'step', 'steps', 'nap', 'failing', 'parent', 'run', 'size'];
const F = Object.fromEntries([...NAMES, ...MORE].map((name, n) => [name, n])) as Record<string, number>;
const server = testServer({
  b1: {
    '/p/ops.js': {
      text: OPS,
      functions: [...NAMES, ...MORE],
      resolution: {
        'i:resprout': 'own:resprout',
        'i:resprout/durable': 'own:resprout/durable',
        'i:node:child_process': 'node:child_process',
      },
    },
  },
});
const n = (name: string): number => F[name] ?? -1;
const coded = (code: string) => (error: unknown) => error instanceof ResproutError && error.code === code;

test('call: a function of a file runs in another process and its value comes back', async () => {
  await using r = rig(server);
  const far = await r.open();
  assert.notEqual(far.pid, process.pid);
  assert.equal(await r.call(far, n('parent')), process.pid);
  assert.equal(await r.call(far, n('add'), [1, 2]), 3);
  const value = {
    map: new Map([[1, new Set([2n])]]),
    date: new Date(5),
    re: /a/gi,
    nan: NaN,
    zero: -0,
    list: [1, undefined, 3],
    url: new URL('http://x/'),
    buffer: Buffer.from('ab'),
    none: [new Uint8Array(0), '', [], {}, new Map()],
    error: new RangeError('a value like any other'),
  };
  assert.deepEqual(await r.call(far, n('echo'), [value]), value);
});

test('call: an error arrives with class name, fields, cause and both stacks', async () => {
  await using r = rig(server);
  const far = await r.open();
  class OddError extends Error {}
  const error = await r.call(far, n('fail'), [], { errorClass: (name) => (name === 'OddError' ? OddError : undefined) }).then(
    () => assert.fail('it went through'),
    (error: unknown) => error,
  );
  assert.ok(error instanceof OddError);
  assert.equal(error.name, 'OddError');
  assert.deepEqual((error as { extra?: unknown }).extra, { n: 7 });
  assert.ok(error.cause instanceof RangeError);
  assert.match(error.stack ?? '', /at fail \((?:file:\/\/)?\/p\/ops\.js:6:/);
  assert.match(error.stack ?? '', /called at ----\n.*support\.ts/);
  assert.doesNotMatch(error.stack ?? '', /rs[0-9a-f]{24}|resprout-core/);
});

test('call: a value that cannot cross is an error that names the path, and the context lives', async () => {
  await using r = rig(server);
  const far = await r.open();
  await assert.rejects(
    r.call(far, n('unsendable')),
    (error) => coded('REMOTE_VALUE_UNSENDABLE')(error) && /result\.list\[1\]\.deep/.test(String(error)),
  );
  await assert.rejects(
    r.call(far, n('echo'), [{ a: [() => 1] }]),
    (error) => coded('REMOTE_VALUE_UNSENDABLE')(error) && /arguments\[0\]\.a\[0\]/.test(String(error)),
  );
  assert.equal(await r.call(far, n('add'), [1, 2]), 3);
});

test('call: 64 MiB travel both ways while small calls are answered', async () => {
  await using r = rig(server);
  const far = await r.open();
  const big = new Uint8Array(64 * 1024 * 1024);
  for (let at = 0; at < big.length; at += 4096) big[at] = at / 4096;
  let small = 0;
  let isDone = false;
  const echo = r.call(far, n('echo'), [big]).finally(() => (isDone = true));
  while (!isDone && small < 100_000) {
    assert.equal(await r.call(far, n('add'), [small, 1]), small + 1);
    small++;
  }
  assert.ok(small >= 3, `only ${small} small calls were answered meanwhile`);
  assert.equal(Buffer.compare((await echo) as Uint8Array, big), 0);
});

test('call: 127 MiB are an argument like any other; what is above the limit is refused before it is sent', async () => {
  await using r = rig(server);
  const far = await r.open();
  const mib = 1024 * 1024;
  assert.equal(await r.call(far, n('size'), [new Uint8Array(127 * mib)]), 127 * mib);
  await assert.rejects(r.call(far, n('size'), [new Uint8Array(LIMITS.framePayloadBytes)]), coded('WIRE_LIMIT'));
  assert.equal(await r.call(far, n('add'), [1, 2]), 3);
});

test('call: a child of the far process writes 1 MiB at once to the stdout that it inherits; no stream that it gets is non-blocking', async () => {
  await using r = rig(server);
  const far = await r.open();
  assert.equal(await r.call(far, n('run'), ['dd', 'if=/dev/zero', 'bs=1048576', 'count=1']), 0);
  if (process.platform !== 'linux') return;
  assert.equal(await r.call(far, n('run'), ['cat', ...[0, 1, 2].map((fd) => `/proc/self/fdinfo/${fd}`)]), 0);
  await r.host.close(far.id as never, 5000);
  const flags = r.lines.flatMap(({ text }) => /^flags:\s+([0-7]+)$/.exec(text)?.slice(1) ?? []);
  assert.equal(flags.length, 3);
  const nonBlocking = 0o4000;
  assert.ok(
    flags.every((octal) => (Number.parseInt(octal, 8) & nonBlocking) === 0),
    flags.join(' '),
  );
});

test('call: a limit and a signal end a call that never returns, and the far function sees the abort', async () => {
  await using r = rig(server);
  const far = await r.open();
  // The limit begins when the call is made: the function is to be there by then.
  assert.equal(await r.call(far, n('wasAborted')), 'no');
  await assert.rejects(r.call(far, n('never'), [], { timeoutMs: 4000 }), coded('REMOTE_CALL_TIMEOUT'));
  for (let tries = 0; tries < 200 && (await r.call(far, n('wasAborted'))) === 'no'; tries++);
  assert.equal(await r.call(far, n('wasAborted')), 'REMOTE_CALL_TIMEOUT');
  const controller = new AbortController();
  const call = r.call(far, n('never'), [], { signal: controller.signal });
  const told = assert.rejects(call, (error) => coded('REMOTE_CALL_ABORTED')(error) && (error as Error).cause === 'enough');
  controller.abort('enough');
  await told;
  await assert.rejects(r.call(far, n('add'), [1, 1], { signal: AbortSignal.abort() }), coded('REMOTE_CALL_ABORTED'));
});

test('call: a signal among the arguments is mirrored', async () => {
  await using r = rig(server);
  const far = await r.open();
  const controller = new AbortController();
  const call = r.call(far, n('argument'), [controller.signal]);
  setTimeout(() => controller.abort({ why: 'because' }), 100);
  assert.deepEqual(await call, { why: 'because' });
});

test('call: process.exit in the function is REMOTE_EXITED with its code, and its output is not lost', async () => {
  await using r = rig(server);
  const far = await r.open();
  const sibling = await r.open({ name: 'sibling' });
  const other = assert.rejects(r.call(far, n('never')), coded('REMOTE_EXITED'));
  await assert.rejects(r.call(far, n('exit'), [3]), (error) => coded('REMOTE_EXITED')(error) && /exit code 3/.test(String(error)));
  await other;
  const texts = r.lines.map((line) => line.text);
  assert.ok(texts.includes('last words') && texts.includes('raw words'), texts.join('|'));
  await assert.rejects(r.call(far, n('add'), [1, 2]), coded('REMOTE_EXITED'));
  assert.equal(await r.call(sibling, n('add'), [1, 2]), 3);
});

test('call: uncaught errors and unhandled rejections are reported as what they are', async () => {
  await using r = rig(server);
  for (const [name, text] of [
    ['crash', 'thrown later'],
    ['reject', 'nobody looks'],
  ] as const) {
    const far = await r.open({ name });
    const error = await r.call(far, n(name)).then(
      () => assert.fail('it went through'),
      (error: unknown) => error,
    );
    assert.ok(coded('REMOTE_EXITED')(error), String(error));
    assert.equal(((error as Error).cause as Error).message, text);
  }
});

test('call: 10 MB of output neither end the context nor the calls beside it; what is dropped is counted', async () => {
  await using r = rig(server);
  const far = await r.open();
  const sibling = await r.open({ name: 'sibling' });
  const printing = r.call(far, n('print'), [10_000_000]);
  assert.equal(await r.call(sibling, n('add'), [1, 2]), 3);
  assert.equal(await printing, 'printed');
  assert.equal(await r.call(far, n('add'), [1, 2]), 3);
  await r.host.close(far.id as never, 5000);
  const shown = r.lines.filter((line) => line.stream === 'stdout').length;
  const dropped = r.lines
    .map((line) => /^(\d+) lines came too fast/.exec(line.text)?.[1])
    .reduce((sum, count) => sum + Number(count ?? 0), 0);
  assert.equal(shown + dropped, 100_000);
  // A line costs what it takes besides its text too.
  const costBytes = 99 + LIMITS.logLineOverheadBytes;
  assert.ok(shown >= Math.floor(LIMITS.logQueueBytes / costBytes), `${shown} lines were shown`);
});

test('call: a killed process tells its waiters how it ended', async () => {
  await using r = rig(server);
  const far = await r.open();
  const sibling = await r.open({ name: 'sibling' });
  const calls = [r.call(far, n('never')), r.call(far, n('spin'))].map((call) =>
    assert.rejects(call, (error) => coded('REMOTE_LOST')(error) && /killed by SIGKILL/.test(String(error))),
  );
  setTimeout(() => process.kill(far.pid, 'SIGKILL'), 200);
  await Promise.all(calls);
  assert.equal(await r.call(sibling, n('add'), [1, 2]), 3);
});

test('close: a function that spins does not hold the end of its process', async () => {
  await using r = rig(server);
  const far = await r.open();
  const spinning = assert.rejects(r.call(far, n('spin')), coded('REMOTE_CLOSED'));
  await r.host.close(far.id as never, 5000);
  await spinning;
  assert.throws(() => process.kill(far.pid, 0));
});

test('streams: a far async iterable is read step by step, with back-pressure, and can be left early', async () => {
  await using r = rig(server);
  const far = await r.open();
  const numbers = (await r.call(far, n('count'), [1000])) as AsyncIterable<number>;
  let expected = 0;
  for await (const number of numbers) {
    assert.equal(number, expected++);
    if (expected === 10) break;
  }
  for (let tries = 0; tries < 200; tries++) if (((await r.call(far, n('streamState'))) as { ended: boolean }).ended) break;
  const state = (await r.call(far, n('streamState'))) as { produced: number; ended: boolean };
  assert.equal(state.ended, true);
  assert.ok(state.produced < 100, `${state.produced} were produced for 10 that were read`);
  let total = 0;
  for await (const number of (await r.call(far, n('count'), [500])) as AsyncIterable<number>) total += number;
  assert.equal(total, (499 * 500) / 2);
});

test('streams: an argument is read by the far function; errors end a stream where they were thrown', async () => {
  await using r = rig(server);
  const far = await r.open();
  async function* numbers(): AsyncGenerator<number> {
    for (let i = 1; i <= 100; i++) yield i;
  }
  assert.equal(await r.call(far, n('sum'), [numbers()]), 5050);
  const failing = ((await r.call(far, n('failing'))) as AsyncIterable<number>)[Symbol.asyncIterator]();
  assert.deepEqual(await failing.next(), { done: false, value: 1 });
  await assert.rejects(failing.next(), /in the stream/);
  assert.deepEqual(await failing.next(), { done: true, value: undefined });
});

test('streams: the end of the process ends a stream with REMOTE_LOST', async () => {
  await using r = rig(server);
  const far = await r.open();
  const numbers = ((await r.call(far, n('count'), [1e9])) as AsyncIterable<number>)[Symbol.asyncIterator]();
  await numbers.next();
  process.kill(far.pid, 'SIGKILL');
  await assert.rejects(
    (async () => {
      for (;;) await numbers.next();
    })(),
    coded('REMOTE_LOST'),
  );
});

test('chain: calls run in order and fail together after the first failure', async () => {
  await using r = rig(server);
  const far = await r.open();
  const options = { chain: 'c#1' };
  const results = await Promise.allSettled([
    r.call(far, n('step'), ['slow', 100], options),
    r.call(far, n('step'), ['fast', 0], options),
    r.call(far, n('step'), ['bad', 0], options),
    r.call(far, n('step'), ['unrun', 0], options),
  ]);
  assert.deepEqual(
    results.map(({ status }) => status),
    ['fulfilled', 'fulfilled', 'rejected', 'rejected'],
  );
  assert.deepEqual(await r.call(far, n('steps')), ['slow', 'fast', 'bad']);
  await assert.rejects(r.call(far, n('step'), ['later', 0], options), /step failed/);
  assert.equal(await r.call(far, n('step'), ['other', 0], { chain: 'c#2' }), 'other');
});

test('open: two contexts at once, and a process that ends before it is open', async () => {
  await using r = rig(server);
  const [a, b] = await Promise.all([r.open({ name: 'a' }), r.open({ name: 'b' })]);
  assert.notEqual(a.pid, b.pid);
  await assert.rejects(r.open({ node: ['/bin/sh', '-c', 'echo not a node >&2; exit 7', '-'] } as never), /REMOTE_|not a node|ended|Node/);
});

test('sleep() of a far function reads the durations that a session reads, and refuses with a code', async () => {
  await using r = rig(server);
  const far = await r.open();
  assert.ok(Number(await r.call(far, n('nap'), ['0m0.05s'])) >= 49);
  assert.ok(Number(await r.call(far, n('nap'), ['0w'])) < 5000);
  for (const bad of ['soon', '10', '1 s', -1])
    await assert.rejects(r.call(far, n('nap'), [bad]), coded('CALL_OPTIONS_INVALID'), String(bad));
});
