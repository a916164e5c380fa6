// How sessions end, park, are cancelled and cross limits.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { deferred } from '../../src/base/deferred.ts';
import { codeOf } from '../../src/base/errors/errors.ts';
import { realClock } from '../../src/platform/time/clock.ts';
import type { JournalEvent } from '../../src/durable/journal/events/event.ts';
import type { SessionOutcome } from '../../src/durable/replay/session/session-report.ts';
import { until } from '../support/until.ts';
import { realm } from './support/realm.ts';
import { killAfter, program, run, start } from './support/program.ts';

const errorOf = (outcome: SessionOutcome): { readonly code?: unknown; readonly message: string } => {
  if (outcome.how === 'done') throw new Error('it is done');
  return outcome.error as { code?: unknown; message: string };
};

/** Longer than everything that may happen without a commit. */
const LONG_ENOUGH_MS = 40;

test('atMostOnce() that was under way is OUTCOME_UNKNOWN, and never runs again', async () => {
  using built = await program(`
    import { atMostOnce } from 'resprout/durable';
    const pay = atMostOnce(async () => { globalThis.paid = (globalThis.paid ?? 0) + 1; return 'paid'; }, { name: 'pay' });
    export default async function main() { try { return await pay(); } catch (error) { return [error.code, error.message]; } }`);
  const history = await killAfter(built, 2, { id: 'ses_p' });
  assert.equal(history.at(-1)?.t === 'call' && history.at(-1)?.t, 'call');
  Reflect.set(globalThis, 'paid', 0);
  const { outcome, events } = await run(built, { id: 'ses_p', history });
  assert.deepEqual(outcome.how === 'done' && outcome.value, [
    'OUTCOME_UNKNOWN',
    'pay at main.ts:4 was under way when the process ended, and it may run at most once',
  ]);
  assert.equal(Reflect.get(globalThis, 'paid'), 0);
  const again = await run(built, { id: 'ses_p', history: events });
  assert.deepEqual([again.outcome, again.appended], [outcome, []]);
});

test('process.exit() ends the session with its code, whatever the program catches', async () => {
  using built = await program(`
    import { readFile } from 'node:fs/promises';
    export default async function main({ data: { code } }) {
      await readFile('/dev/null');
      try { process.exit(code); } catch { await readFile('/dev/null'); }
      return 'went on';
    }`);
  const three = await run(built, { id: 'ses_x', data: { code: 3 } });
  assert.deepEqual([three.outcome.how, three.outcome.exitCode], ['failed', 3]);
  assert.equal(three.events.filter((event) => event.t === 'call').length, 1);
  const zero = await run(built, { id: 'ses_z', data: { code: 0 } });
  assert.deepEqual([zero.outcome.how, zero.outcome.exitCode], ['done', 0]);
  const again = await run(built, { id: 'ses_x', data: { code: 3 }, history: three.events });
  assert.deepEqual([again.outcome.exitCode, again.appended], [3, []]);
});

test('an unhandled rejection and a throw in a timer end the session with the stack of the program', async () => {
  using built = await program(`
    import { sleep } from 'resprout/durable';
    export async function rejected() { sleep(1).then(() => { throw new RangeError('nobody catches'); }); await sleep('1h'); }
    export async function thrown() { setTimeout(() => { throw new RangeError('in a timer'); }, 1); await sleep('1h'); }`);
  // The test runner counts every unhandled rejection as its own.
  const others = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', (error) => realm.owner()?.crash(error));
  for (const exportName of ['rejected', 'thrown']) {
    const one = await run(built, { id: `ses_${exportName}`, exportName });
    assert.equal(one.outcome.how, 'failed');
    assert.match((errorOf(one.outcome) as Error & { stack: string }).stack, /RangeError: [\s\S]*main\.ts:[34]/);
    assert.deepEqual(one.outcome.dropped, [`timer at main.ts:${exportName === 'rejected' ? 3 : 4}`]);
    const again = await run(built, { id: `ses_${exportName}`, exportName, history: one.events });
    assert.deepEqual([again.outcome.how, again.appended], ['failed', []]);
  }
  process.removeAllListeners('unhandledRejection');
  for (const listener of others) process.on('unhandledRejection', listener);
});

test('a call that nobody awaits is dropped and named; code that outlives its session does nothing', async () => {
  using built = await program(`
    import { writeFileSync } from 'node:fs';
    import { readFile } from 'node:fs/promises';
    import { activity, sleep } from 'resprout/durable';
    const slow = activity(() => new Promise((resolve) => (globalThis.letGo = resolve)), { name: 'slow' });
    export default async function main({ data: { file, log } }) {
      slow().then(() => { log.push('seen'); writeFileSync(file, 'no'); });
      return (await readFile('/dev/null')).length;
    }`);
  const log: string[] = [];
  const { outcome } = await run(built, { data: { file: `${built.folder}/no`, log } });
  assert.deepEqual([outcome.how, outcome.dropped], ['done', ['slow at main.ts:7']]);
  const { letGo } = globalThis as unknown as { letGo(): void };
  letGo();
  await realClock.sleep(100);
  assert.deepEqual(log, []);
});

test('code that the language lets go on after the end of its session makes no call any more', async () => {
  using built = await program(`
    import { writeFileSync } from 'node:fs';
    import { spawnSync, spawn } from 'node:child_process';
    export default function main({ data: { file, log } }) {
      const cell = new Int32Array(new SharedArrayBuffer(4));
      void Atomics.waitAsync(cell, 0, 0, 1000).value.then(() => {
        for (const act of [() => writeFileSync(file, 'no'), () => spawnSync('touch', [file]), () => spawn('touch', [file])])
          try { act(); log.push('made'); } catch (error) { log.push(error.code); }
      });
    }`);
  const log: string[] = [];
  const file = `${built.folder}/no`;
  await run(built, { data: { file, log } });
  await until('what goes on', () => log.length === 3);
  await realClock.sleep(100);
  assert.equal(existsSync(file), false);
  assert.deepEqual(log, ['SESSION_ENDED', 'SESSION_ENDED', 'SESSION_ENDED']);
});

test('park() lets running calls finish, records them, starts nothing, and the rest is resumed', async () => {
  using built = await program(`
    import { activity, sleep } from 'resprout/durable';
    const work = activity(async (name) => { globalThis.worked.push(name); await globalThis.mayEnd(name); return name; }, { name: 'work' });
    export default async function main() {
      const quick = work('quick').then((name) => work(name + ' next'));
      const [next, slow, late] = await Promise.all([quick, work('slow'), sleep(5).then(() => work('late'))]);
      return [next, slow, late];
    }`);
  const worked: string[] = [];
  Object.defineProperty(globalThis, 'worked', { value: worked, configurable: true });
  const [quick, slow] = [deferred<void>(), deferred<void>()];
  Object.defineProperty(globalThis, 'mayEnd', {
    value: (name: string) => (name === 'quick' ? quick : name === 'slow' ? slow : undefined)?.promise,
    configurable: true,
  });
  const { session, sink } = start(built, { id: 'ses_k' });
  await until('the second piece of work', () => worked.includes('late'));
  const parking = session.park();
  quick.resolve();
  await until('the end of all but the slow one', () => parking.unfinished().length === 1);
  await realClock.sleep(LONG_ENOUGH_MS);
  assert.deepEqual(
    parking.unfinished().map(({ fn, site }) => [fn, `${site.file}:${site.line}`]),
    [['work', 'main.ts:6']],
  );
  slow.resolve();
  await parking.quiet;
  assert.deepEqual(parking.unfinished(), []);
  assert.ok(!worked.includes('quick next'), 'a call was started while parked');
  session.close();
  const { outcome } = await run(built, { id: 'ses_k', history: sink.events });
  assert.deepEqual(outcome.how === 'done' && outcome.value, ['quick next', 'slow', 'late']);
  assert.deepEqual(worked.toSorted(), ['late', 'quick', 'quick next', 'slow']);
});

test('a call whose intent gets to the disk while the session parks is not made, and is made after a resume', async () => {
  using built = await program(`
    import { activity } from 'resprout/durable';
    const work = activity(async () => globalThis.done.push('work'), { name: 'work' });
    export default async () => await work();`);
  const made: string[] = [];
  Object.defineProperty(globalThis, 'done', { value: made, configurable: true });
  const commits = deferred<void>();
  const { session, sink } = start(built, { id: 'ses_kp', sink: { hold: commits.promise } });
  await until('the intent', () => sink.events.some((event) => event.t === 'call'));
  const parking = session.park();
  commits.resolve();
  await parking.quiet;
  await realClock.sleep(LONG_ENOUGH_MS);
  assert.deepEqual(made, []);
  session.close();
  const { outcome } = await run(built, { id: 'ses_kp', history: sink.events });
  assert.deepEqual([outcome.how, made], ['done', ['work']]);
});

test('a synchronous call of a parked session is not made', async () => {
  using built = await program(`
    import { writeFileSync } from 'node:fs';
    export default function main({ data: { file, park } }) { park(); writeFileSync(file, 'x'); return 'made'; }`);
  const file = `${built.folder}/parked`;
  let blocked = 0;
  const options = { id: 'ses_y', onParkedInSync: () => void blocked++ };
  const started = start(built, { ...options, data: { file, park: () => started.session.park() } });
  await assert.rejects(started.done, { code: 'SESSION_PARKED' });
  assert.equal(blocked, 1);
  const { outcome } = await run(built, { id: 'ses_y', data: { file, park: () => undefined }, history: started.sink.events });
  assert.equal(outcome.how === 'done' && outcome.value, 'made');
});

test('cancel() rejects what is pending, aborts activities, runs finally blocks, and is the same on replay', async () => {
  using built = await program(`
    import { appendFileSync } from 'node:fs';
    import { readFile } from 'node:fs/promises';
    import { activity, sleep } from 'resprout/durable';
    export default async function main({ data: { log, wait } }) {
      try {
        await Promise.race([sleep('1h'), wait()]);
      } catch (error) {
        log.push(error.code);
        throw error;
      } finally {
        log.push((await readFile('/dev/null', 'utf8')) + 'cleaned');
      }
    }`);
  const go = (log: string[]): { log: string[]; wait: () => Promise<void> } => ({ log, wait: () => new Promise(() => undefined) });
  const log: string[] = [];
  const { session, sink, done } = start(built, { id: 'ses_a', data: go(log) });
  await until('the timer', () => sink.events.some((event) => event.t === 'timer'));
  session.cancel();
  session.cancel();
  const outcome = await done;
  assert.deepEqual([outcome.how, errorOf(outcome).code, log], ['cancelled', 'SESSION_CANCELLED', ['SESSION_CANCELLED', 'cleaned']]);
  const again: string[] = [];
  const replayed = await run(built, { id: 'ses_a', data: go(again), history: sink.events });
  assert.deepEqual([replayed.outcome.how, replayed.appended, again], ['cancelled', [], log]);
});

test('a value above the limit is the error of its call; an argument above it is thrown before anything is sent', async () => {
  using built = await program(`
    import { activity } from 'resprout/durable';
    import { readFileSync, writeFileSync } from 'node:fs';
    const big = activity(async (n) => 'x'.repeat(n), { name: 'big' });
    const take = activity(async (text) => { globalThis.taken = true; return text.length; }, { name: 'take' });
    export default async function main({ data: { file } }) {
      const codes = [];
      for (const run of [() => big(9000), () => take('y'.repeat(9000)), () => writeFileSync(file, 'z'.repeat(1000)), () => take(new Uint8Array(9000)), () => readFileSync('/proc/self/maps')])
        try { codes.push(await run()); } catch (error) { codes.push(error.code); }
      return codes;
    }`);
  const one = await run(built, { id: 'ses_l', maxValueBytes: 4000, data: { file: `${built.folder}/z` } });
  const TOO_LARGE = 'JOURNAL_VALUE_TOO_LARGE';
  assert.deepEqual(one.outcome.how === 'done' && one.outcome.value, [TOO_LARGE, TOO_LARGE, undefined, TOO_LARGE, TOO_LARGE]);
  assert.equal(Reflect.get(globalThis, 'taken'), undefined);
  assert.deepEqual(
    one.events.map((event) => event.t),
    ['start', 'call', 'done', 'sync', 'sync', 'end'],
  );
});

test('a call with an effect begins after the commit that holds its intent', async () => {
  using built = await program(`
    import { writeFile } from 'node:fs/promises';
    export default async ({ data: { file } }) => await writeFile(file, 'x');`);
  const commits = deferred<void>();
  const file = `${built.folder}/effect`;
  const { sink, done, session } = start(built, { data: { file }, sink: { hold: commits.promise } });
  await until('the intent', () => sink.events.some((event) => event.t === 'call'));
  await realClock.sleep(LONG_ENOUGH_MS);
  assert.equal(existsSync(file), false, 'it began before its commit');
  commits.resolve();
  assert.equal((await done).how, 'done');
  assert.equal(existsSync(file), true);
  session.close();
});

test('a session has ended when its end is on disk', async () => {
  using built = await program(`export default () => 1;`);
  const commits = deferred<void>();
  const { sink, done, session } = start(built, { sink: { hold: commits.promise } });
  let isOver = false;
  void done.then(() => (isOver = true));
  await until('the end', () => sink.events.at(-1)?.t === 'end');
  await realClock.sleep(LONG_ENOUGH_MS);
  assert.equal(isOver, false, 'it had ended before the commit of its end');
  commits.resolve();
  assert.equal((await done).how, 'done');
  session.close();
});

test('1,000 synchronous reads need no barrier, an effect after a result needs one', async () => {
  using built = await program(`
    import { readFileSync, writeFileSync } from 'node:fs';
    export default function main({ data: { file } }) {
      for (let i = 0; i < 1000; i++) readFileSync('/dev/null');
      writeFileSync(file, 'x');
      writeFileSync(file, 'y');
    }`);
  const { sink } = await run(built, { data: { file: `${built.folder}/x` } });
  assert.equal(sink.barriers, 2);
});

test('many completions that arrive together share few commits', async () => {
  using built = await program(`
    import { activity } from 'resprout/durable';
    const one = activity(async (n) => n);
    export default async () => (await Promise.all(Array.from({ length: 100 }, (_, i) => one(i)))).length;`);
  const { sink } = await run(built);
  assert.ok(sink.commits < 40, `${String(sink.commits)} commits`);
});

test('a result that cannot be recorded fails the call, a program whose result cannot be fails with its place', async () => {
  using built = await program(`
    import { activity } from 'resprout/durable';
    const bad = activity(async () => () => 1, { name: 'bad' });
    export default async function main() { const code = await bad().catch((error) => error.code); return code === 'JOURNAL_VALUE_UNRECORDABLE' ? Symbol('x') : code; }`);
  const { outcome, events } = await run(built, { id: 'ses_u' });
  assert.equal(codeOf(errorOf(outcome)), 'JOURNAL_VALUE_UNRECORDABLE');
  assert.deepEqual((await run(built, { id: 'ses_u', history: events as readonly JournalEvent[] })).appended, []);
});

test('import() in a session is loaded again on replay, at its recorded place', async () => {
  using built = await program(`
    export default async function main() {
      const { readFileSync } = await import('node:fs');
      const path = await import('node:path');
      const none = await import('./none.ts').catch((error) => error.code);
      return [readFileSync('/dev/null').length, path.basename('/a/b'), none];
    }`);
  const one = await run(built, { id: 'ses_m' });
  assert.deepEqual(one.outcome.how === 'done' && one.outcome.value, [0, 'b', 'ERR_MODULE_NOT_FOUND']);
  const again = await run(built, { id: 'ses_m', history: one.events });
  assert.deepEqual([again.outcome, again.appended], [one.outcome, []]);
});
