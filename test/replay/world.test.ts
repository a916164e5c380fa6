// Clock, chance, timers, environment and console of a session: the same on replay, its own in each session, the machine's in activities.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import type { Clock } from '../../src/base/seams/clock.ts';
import { realClock } from '../../src/platform/time/clock.ts';
import { program, run, start, type Run } from './support/program.ts';

const valueOf = (one: Run): unknown => {
  if (one.outcome.how !== 'done') throw new Error(`the program ${one.outcome.how}`, { cause: one.outcome.error });
  return one.outcome.value;
};

test('clock and chance are equal on replay and differ between sessions', async () => {
  using built = await program(`
    import { randomBytes, randomInt, randomUUID, randomFillSync, webcrypto } from 'node:crypto';
    import { sleep } from 'resprout/durable';
    const loaded = [Date.now(), Math.random()];
    export default async function main() {
      const read = () => [Date.now(), new Date().getTime(), performance.now(), process.hrtime(), String(process.hrtime.bigint()), new Date(2020, 1, 1).getTime()];
      const draw = () => [Math.random(), crypto.randomUUID(), randomUUID(), randomBytes(5).toString('hex'), randomInt(5, 1000),
        [...crypto.getRandomValues(new Uint8Array(4))], [...randomFillSync(new Uint16Array(2))], typeof webcrypto.randomUUID()];
      const first = [read(), draw()];
      await sleep(3);
      const async = await new Promise((resolve) => randomBytes(3, (error, bytes) => resolve(bytes.toString('hex'))));
      return { loaded, first, second: [read(), draw()], async };
    }`);
  const one = await run(built, { id: 'ses_one' });
  const again = await run(built, { id: 'ses_one', history: one.events });
  assert.deepEqual(valueOf(again), valueOf(one));
  const other = valueOf(await run(built, { id: 'ses_other' })) as { first: readonly [unknown, readonly unknown[]] };
  const mine = valueOf(one) as typeof other & { second: readonly [readonly number[], unknown] };
  other.first[1].slice(0, 7).forEach((drawn, i) => assert.notDeepEqual(drawn, mine.first[1][i]));
  assert.ok((mine.second[0][0] ?? 0) >= ((mine.first as unknown as number[][][])[0]?.[0] as unknown as number) + 2);
});

test('the bytes of a seed are pinned: journals depend on them', async () => {
  using built = await program(`
    export default () => [Math.random(), crypto.randomUUID(), Math.random()];`);
  assert.deepEqual(valueOf(await run(built, { id: 'ses_pinned' })), PINNED);
});
const PINNED: readonly unknown[] = [0.25090800220214593, 'ac54945c-4341-472c-bba1-78a1b4c01f89', 0.2138875782929014];

test('a busy wait ends', async () => {
  using built = await program(`
    export default () => { const start = Date.now(); let reads = 0; while (Date.now() < start + 50) reads++; return reads; }`);
  assert.equal(valueOf(await run(built)), 49_999);
});

test('time that is measured is never nothing, and never goes back', async () => {
  using built = await program(`
    export default async function main() {
      const reads = [];
      for (let round = 0; round < 4; round++) {
        for (let i = 0; i < 3; i++) reads.push(performance.now(), Number(process.hrtime.bigint()) / 1e6, process.hrtime().reduce((s, n) => s * 1e3 + n / 1e6));
        await new Promise((resolve) => setTimeout(resolve, round));
      }
      return [reads.every((ms, i) => i === 0 || ms > reads[i - 1] - 1e-9), reads.length, Number.isInteger(Date.now())];
    }`);
  const { outcome } = await run(built, { id: 'ses_measured' });
  assert.deepEqual(outcome.how === 'done' && outcome.value, [true, 36, true]);
});

test('Date behaves as without patching: instanceof, constructor, subclasses, copies', async () => {
  using built = await program(`
    class Day extends Date { get short() { return this.toISOString().slice(0, 10); } }
    export default function main() {
      const now = new Date();
      const day = new Day(0);
      const today = new Day();
      return [now instanceof Date, now.constructor === Date, day instanceof Day, day instanceof Date, day.short, today.getTime() === now.getTime(),
        typeof Date(), Date.length, Date.name, structuredClone(now) instanceof Date, Date.UTC(2020, 0), new Date(now).getTime() === now.getTime(),
        Object.prototype.toString.call(day), Date.prototype.constructor === Date];
    }`);
  assert.deepEqual(valueOf(await run(built)), [
    true,
    true,
    true,
    true,
    '1970-01-01',
    true,
    'string',
    7,
    'Date',
    true,
    1577836800000,
    true,
    '[object Date]',
    true,
  ]);
});

test('timers that are due in the same millisecond fire in the order in which they were set, though the machine wakes the later one first', async () => {
  let set = 0;
  // Every second timer wakes late.
  const clock: Clock = { ...realClock, after: (ms, fire, options) => realClock.after(ms + (set++ % 2) * 3, fire, options) };
  using built = await program(`
    export default async function main() {
      const fired = [];
      const one = (i, ms) => new Promise((resolve) => setTimeout(() => { fired.push([ms, i]); resolve(); }, ms));
      await Promise.all(Array.from({ length: 400 }, (_, i) => one(i, 2 + (i % 7))));
      return fired.every(([ms, i], at) => at === 0 || fired[at - 1][0] !== ms || fired[at - 1][1] < i);
    }`);
  for (let round = 0; round < 5; round++) {
    const { outcome } = await run(built, { id: `ses_timers${round}`, clock });
    assert.equal(outcome.how === 'done' && outcome.value, true);
  }
});

test('timers: intervals, clearing before and after, nested, promisified, of node:timers and node:timers/promises', async () => {
  using built = await program(`
    import { setTimeout as later, setImmediate as soon, setInterval as every } from 'node:timers/promises';
    import timers from 'node:timers';
    import { promisify } from 'node:util';
    export default async function main() {
      const log = [];
      const never = setTimeout(() => log.push('never'), 1);
      clearTimeout(never);
      const fired = setTimeout(() => log.push('fired'), 1);
      await later(5);
      clearTimeout(fired);
      let n = 0;
      await new Promise((resolve) => { const i = setInterval(() => { log.push('i' + ++n); if (n === 3) { clearInterval(i); resolve(); } }, 1); });
      await new Promise((resolve) => setTimeout((a, b) => setTimeout(() => { log.push(a + b); resolve(); }, 1), 1, 'nes', 'ted'));
      await promisify(setTimeout)(1);
      log.push(await promisify(setImmediate)('soon'), await soon('sooner'), await later(1, 'late'));
      await new Promise((resolve) => timers.setTimeout(resolve, 1));
      for await (const tick of every(1, 'tick')) { log.push(tick); if (log.length > 12) break; }
      const byNumber = setTimeout(() => log.push('no'), 1);
      clearTimeout(Number(byNumber));
      const handle = setTimeout(() => undefined, 2 ** 31 + 1000);
      log.push(handle.hasRef(), typeof handle.unref().ref().refresh);
      await later(3);
      clearTimeout(handle);
      const stop = await later(1000, 0, { signal: AbortSignal.timeout(2) }).catch((error) => [error.name, error.code]);
      setImmediate(() => log.push('immediate'));
      await new Promise((resolve) => setImmediate(resolve));
      return [...log, ...stop];
    }`);
  const one = await run(built, { id: 'ses_t' });
  assert.deepEqual(valueOf(one), [
    'fired',
    'i1',
    'i2',
    'i3',
    'nested',
    'soon',
    'sooner',
    'late',
    'tick',
    'tick',
    'tick',
    'tick',
    'tick',
    true,
    'function',
    'immediate',
    'AbortError',
    'ABORT_ERR',
  ]);
  const again = await run(built, { id: 'ses_t', history: one.events });
  assert.deepEqual([valueOf(again), again.appended, again.warnings], [valueOf(one), [], []]);
});

test('a loop of immediates does not keep a completion out, and is the same on replay', async () => {
  using built = await program(`
    import { readFile } from 'node:fs/promises';
    export default async function main() {
      let done = false, turns = 0;
      readFile('/dev/null').then(() => { done = true; });
      while (!done) { turns++; await new Promise((resolve) => setImmediate(resolve)); }
      return turns;
    }`);
  const one = await run(built, { id: 'ses_i' });
  assert.ok((valueOf(one) as number) >= 1000);
  assert.equal(valueOf(await run(built, { id: 'ses_i', history: one.events })), valueOf(one));
});

test('a timer that is due in the past fires at once after a resume; the wait is not begun again', async () => {
  using built = await program(`
    import { sleep } from 'resprout/durable';
    export default async function main() { const start = Date.now(); await sleep('1h'); return Date.now() - start; }`);
  const { session, sink } = start(built, { id: 'ses_h' });
  while (sink.events.length < 2) await realClock.sleep(1);
  session.close();
  const hourAgo = sink.events.map((event) =>
    'atMs' in event
      ? { ...event, atMs: event.atMs - 3_600_000, ...(event.t === 'timer' ? { dueMs: event.dueMs - 3_600_000 } : {}) }
      : event,
  );
  const { outcome } = await run(built, { id: 'ses_h', history: hourAgo });
  assert.equal(outcome.how, 'done');
  assert.ok(outcome.how === 'done' && (outcome.value as number) >= 3_600_000);
});

test('environment, folder and activities: the session has its own, activities see them with the real clock', async () => {
  using built = await program(`
    import { activity, idempotencyKey, sessionInfo, sleep } from 'resprout/durable';
    const look = activity(async () => [process.env.WHO, process.env.ADDED, process.cwd(), Date.now(), idempotencyKey(), sessionInfo()], { name: 'look' });
    export default async function main() {
      process.env.ADDED = 'yes';
      delete process.env.GONE;
      await sleep(20);
      return { env: { ...process.env }, inside: await look(), again: await look(), folder: process.cwd(), info: sessionInfo(), now: Date.now() };
    }`);
  const one = await run(built, { id: 'ses_env', env: { WHO: 'me', GONE: '1' } });
  const value = valueOf(one) as {
    env: object;
    inside: readonly unknown[];
    again: readonly unknown[];
    folder: string;
    info: object;
    now: number;
  };
  assert.deepEqual(value.env, { WHO: 'me', ADDED: 'yes' });
  assert.deepEqual(value.inside.slice(0, 3), ['me', 'yes', built.folder]);
  assert.equal(value.inside[4], 'ses_env/1');
  assert.equal(value.again[4], 'ses_env/2');
  assert.deepEqual(value.inside[5], { sessionId: 'ses_env', buildId: built.build });
  assert.equal(value.folder, built.folder);
  assert.equal(process.env['ADDED'], undefined, 'the session changed the environment of its host');
  assert.deepEqual(valueOf(await run(built, { id: 'ses_env', env: { WHO: 'me', GONE: '1' }, history: one.events })), value);
});

// In a process of its own: whoever takes the output of this one also takes the report of its tests.
test('console output is not shown again on replay', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(import.meta.dirname, 'support/print-twice.ts')], {
    encoding: 'utf8',
  });
  assert.deepEqual([status, stderr, stdout.split('\n')], [0, '', ['shown one', 'shown two', 'recorded', 'replayed', '']]);
});
