// The small parts of the remote core.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { codeOf } from '../../src/base/errors/errors.ts';
import type { LogLine } from '../../src/base/seams/log.ts';
import { isSecret, Secret } from '../../src/base/secret.ts';
import { CallLimits, checkCallOptions } from '../../src/remote/calls/call-limits.ts';
import { LineSplitter } from '../../src/remote/child/core/logs/line-splitter.ts';
import { LogBuffer } from '../../src/remote/child/core/logs/log-buffer.ts';
import { ModuleStore } from '../../src/remote/child/core/calls/module-store.ts';
import { ContextLog } from '../../src/remote/hosts/context-log.ts';
import { Semaphore } from '../../src/remote/calls/semaphore.ts';
import { LIMITS } from '../../src/wire/limits.ts';
import { ManualClock } from '../../src/testing/index.ts';

const never = new AbortController().signal;

test('Semaphore: lets so many in, keeps the order, forgets who gave up', async () => {
  const semaphore = new Semaphore(2);
  const order: string[] = [];
  const gaveUp = new AbortController();
  const enter = (name: string, signal = never): Promise<void> => semaphore.enter(signal).then(() => void order.push(name));
  await enter('a');
  await enter('b');
  const [c, d, e] = [enter('c'), enter('d', gaveUp.signal), enter('e')];
  const refused = assert.rejects(d, { name: 'AbortError' });
  gaveUp.abort();
  await refused;
  semaphore.leave();
  await c;
  semaphore.leave();
  await e;
  assert.deepEqual(order, ['a', 'b', 'c', 'e']);
});

test('CallLimits: 64 calls run at once, a narrower limit holds inside, and too many waiting calls are refused', async () => {
  const limits = new CallLimits();
  let running = 0;
  let most = 0;
  const call = async (): Promise<void> => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setImmediate(resolve));
    running--;
  };
  await Promise.all(Array.from({ length: 200 }, () => limits.run('x', undefined, never, call)));
  assert.equal(most, LIMITS.concurrentCalls);
  most = 0;
  const one = new Semaphore(1);
  await Promise.all(Array.from({ length: 20 }, () => limits.run('x', one, never, call)));
  assert.equal(most, 1);
  const results = await Promise.allSettled(Array.from({ length: LIMITS.pendingCalls + 5 }, () => limits.run('x', undefined, never, call)));
  const refused = results.filter((result) => result.status === 'rejected');
  assert.equal(refused.length, 5);
  assert.ok(refused.every(({ reason }) => codeOf(reason) === 'REMOTE_CALL_LIMIT'));
});

test('checkCallOptions: refuses what is unknown, of the wrong type or out of range', () => {
  const bad = [
    { timeoutMs: 0 },
    { timeoutMs: NaN },
    { concurrency: 1.5 },
    { concurrency: 0 },
    { chain: '' },
    { signal: {} },
    { timeout: 1 },
  ];
  for (const options of bad)
    assert.throws(
      () => checkCallOptions(options as never),
      (error) => codeOf(error) === 'CALL_OPTIONS_INVALID',
    );
  assert.deepEqual(checkCallOptions({ timeoutMs: 1, concurrency: 1, chain: 'c', signal: never }).chain, 'c');
});

test('LineSplitter: gives the lines of a text however its bytes are cut', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 20 })), fc.array(fc.integer({ min: 1, max: 7 })), (parts, cuts) => {
      const lines = parts.map((line) => line.replaceAll(/[\r\n]/g, ''));
      const bytes = new TextEncoder().encode(lines.map((line) => `${line}\n`).join(''));
      const got: string[] = [];
      const splitter = new LineSplitter((line) => void got.push(line));
      for (let at = 0, n = 0; at < bytes.length; n++) {
        const size = cuts[n % Math.max(cuts.length, 1)] ?? 3;
        splitter.push(bytes.subarray(at, at + size));
        at += size;
      }
      splitter.end();
      assert.deepEqual(got, lines);
    }),
  );
});

test('LineSplitter: a line without end does not grow without bound', () => {
  let longest = 0;
  const splitter = new LineSplitter((line) => (longest = Math.max(longest, line.length)));
  for (let n = 0; n < 1000; n++) splitter.push(new Uint8Array(1000).fill(120));
  assert.ok(longest > 0 && longest <= LIMITS.logLineBytes + 1000);
});

test('LogBuffer: keeps level, rate, what may wait, and the count of what was dropped', () => {
  const clock = new ManualClock();
  const buffer = new LogBuffer('info', () => clock.monotonicMs());
  buffer.add('console', 'debug', 'not wanted');
  assert.equal(buffer.isEmpty, true);
  const costBytes = 98 + LIMITS.logLineOverheadBytes;
  const fill = (): number => {
    for (let n = 0; n < 5000; n++) buffer.add('stdout', 'info', 'x'.repeat(98));
    let [lines, dropped] = [0, 0];
    while (!buffer.isEmpty) {
      const part = buffer.take(32_768);
      assert.ok(part.lines.length * costBytes <= 32_768);
      lines += part.lines.length;
      dropped += part.dropped;
    }
    assert.equal(lines + dropped, 5000);
    return lines;
  };
  let sent = 0;
  for (let n = 0; n < 50; n++) {
    const lines = fill();
    assert.ok(lines * costBytes <= LIMITS.logWaitingBytes);
    sent += lines;
  }
  assert.ok(Math.abs(sent * costBytes - LIMITS.logQueueBytes) < 2 * costBytes);
  clock.advance(100);
  assert.ok(Math.abs(fill() * costBytes - LIMITS.logBytesPerSecond / 10) < 2 * costBytes);
  buffer.add('stdout', 'info', 'a\n'.repeat(3));
  assert.equal(buffer.take(1).lines.length, 1);
});

test('ContextLog: cleans lines, tells what was dropped, keeps the last of stderr', () => {
  const clock = new ManualClock();
  const lines: LogLine[] = [];
  const log = new ContextLog(
    'web',
    'info',
    (line) => void lines.push(line),
    () => clock.monotonicMs(),
    (line) => line.replace('/secret', ''),
  );
  log.add('stdout', 'info', 'at /secret/p/a.ts');
  for (let n = 0; n < 30; n++) log.add('stderr', 'warn', `error ${n}`);
  assert.equal(lines[0]?.text, 'at /p/a.ts');
  assert.deepEqual([log.lastLines.length, log.lastLines.at(-1)], [20, 'error 29']);
  for (let n = 0; n < 100_000; n++) log.add('stdout', 'info', 'x'.repeat(99));
  log.end();
  assert.match(lines.at(-1)?.text ?? '', /^\d+ lines came too fast and were dropped$/);
});

test('ModuleStore: knows its own paths, keeps builds apart and takes the prefix out of texts', async () => {
  const store = new ModuleStore('rsabc');
  const file = { path: '/p/a.js', format: 'module', text: '1' } as const;
  const waiting = store.arrived('b1', '/p/a.js');
  store.add({ build: 'b1', target: '/p/a.js', files: [file], resolution: { '/p/a.js': { 'i:./b.js': '/p/b.js' } } });
  await waiting;
  assert.equal(store.arrived('b1', '/p/a.js'), undefined);
  assert.equal(store.file({ build: 'b2', path: '/p/a.js' }), undefined);
  assert.equal(store.target({ build: 'b1', path: '/p/a.js' }, './b.js', 'i'), '/p/b.js');
  assert.equal(store.target({ build: 'b1', path: '/p/a.js' }, 'constructor', 'i'), undefined);
  const far = store.farPath({ build: 'b1', path: '/p/a.js' });
  assert.deepEqual(store.parsePath(far), { build: 'b1', path: '/p/a.js' });
  assert.equal(store.parsePath('/p/a.js'), undefined);
  assert.equal(store.clean(`at f (file://${far}:1:2), ${far}`), 'at f (file:///p/a.js:1:2), /p/a.js');
});

test('Secret: shows itself nowhere', async () => {
  const { inspect } = await import('node:util');
  const secret = new Secret('pass');
  const shown = [
    String(secret),
    `${String(secret)} ${secret as unknown as string}`,
    JSON.stringify({ secret }),
    inspect(secret),
    inspect({ secret }, { showHidden: true }),
    Object.keys(secret).join(),
  ];
  assert.ok(
    shown.every((text) => !text.includes('pass')),
    shown.join(' '),
  );
  assert.equal(secret.reveal(), 'pass');
  assert.ok(isSecret(secret) && !isSecret({}) && !isSecret(null));
});
