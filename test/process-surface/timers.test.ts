import { test } from 'node:test';
import assert from 'node:assert/strict';
import type { Clock } from '../../src/base/seams/clock.ts';
import { realClock } from '../../src/platform/time/clock.ts';
import { killAfter, program, run } from '../replay/support/program.ts';
import { inAllStages } from './support/stages.ts';

const HEAD = `import { setTimeout as delay, setInterval as every, setImmediate as turn, scheduler } from 'node:timers/promises';
import { promisify } from 'node:util';
const pause = (ms = 3) => new Promise((resolve) => setTimeout(resolve, ms));\n`;

/** Name, body of the entry, what it returns in plain Node. */
const CASES: readonly (readonly [name: string, body: string, value: unknown, isTimed?: boolean])[] = [
  [
    'ticks, microtasks and immediates have the order of Node',
    `const log = []; await pause();
     await new Promise((resolve) => setTimeout(() => {
       setImmediate(() => { log.push('immediate'); process.nextTick(() => log.push('tick 3')); Promise.resolve().then(() => { log.push('micro 3'); resolve(); }); });
       Promise.resolve().then(() => { log.push('micro'); process.nextTick(() => log.push('tick 2')); queueMicrotask(() => log.push('micro 2')); });
       process.nextTick((a, b) => log.push('tick', a, b), 1, 2);
       log.push('sync');
     }, 2));
     return log;`,
    ['sync', 'tick', 1, 2, 'micro', 'micro 2', 'tick 2', 'immediate', 'tick 3', 'micro 3'],
  ],
  [
    'refresh begins a timer anew, also one that has fired, and not one that was cleared',
    `let fired = 0; const timer = setTimeout(() => { fired++; }, 80);
     setTimeout(() => timer.refresh(), 40); await pause(100); const early = fired; await pause(80); const late = fired;
     timer.refresh(); await pause(120); const again = fired;
     timer.close(); timer.refresh(); await pause(120); return [early, late, again, fired];`,
    [0, 1, 2, 2],
    true,
  ],
  [
    'ref, unref, hasRef, names and numbers of timers',
    `const timer = setTimeout(() => {}, 1000); const immediate = setImmediate(() => {});
     const seen = [timer.hasRef(), timer.unref().hasRef(), timer.ref().hasRef(), timer.constructor.name, immediate.constructor.name, immediate.hasRef()];
     let fired = false; const other = setTimeout(() => { fired = true; }, 1);
     clearTimeout(+other); clearTimeout(String(+timer)); await pause(10); return [...seen, fired, immediate.hasRef()];`,
    [true, false, true, 'Timeout', 'Immediate', true, false, true],
  ],
  [
    'clearing takes what it is for: timers and intervals alike, immediates apart',
    `const log = []; const timer = setTimeout(() => log.push('timer'), 2); const immediate = setImmediate(() => log.push('immediate'));
     clearImmediate(timer); clearTimeout(immediate); const interval = setInterval(() => log.push('interval'), 2); clearTimeout(interval);
     const once = setTimeout(() => log.push('once'), 2); clearInterval(once); clearTimeout(undefined); clearTimeout(null); clearTimeout({});
     await pause(12); return log;`,
    ['immediate', 'timer'],
  ],
  [
    'node:timers/promises: values, aborts and their errors, the iterator',
    `const out = [await delay(1, 'a'), await turn('b'), await promisify(setTimeout)(1, 'c'), await promisify(setImmediate)('d'), await scheduler.wait(1)];
     const stop = new AbortController(); setTimeout(() => stop.abort(new Error('why')), 2);
     try { await delay(1000, 1, { signal: stop.signal }); } catch (error) { out.push(error.name, error.code, error.message, error.cause.message); }
     try { await delay('x'); } catch (error) { out.push(error.code); }
     let n = 0; for await (const value of every(1, 'tick')) { out.push(value); if (++n === 3) break; }
     return out;`,
    [
      'a',
      'b',
      'c',
      'd',
      undefined,
      'AbortError',
      'ABORT_ERR',
      'The operation was aborted',
      'why',
      'ERR_INVALID_ARG_TYPE',
      'tick',
      'tick',
      'tick',
    ],
  ],
  [
    'AbortSignal.timeout and any',
    `const signal = AbortSignal.any([AbortSignal.timeout(3), new AbortController().signal]);
     await new Promise((resolve) => { signal.addEventListener('abort', resolve); setTimeout(() => {}, 20); });
     return [signal.reason.name, signal.reason instanceof DOMException, signal.aborted];`,
    ['TimeoutError', true, true],
  ],
  [
    'an interval goes on after a callback that throws, when the program handles it',
    `const log = []; process.on('uncaughtException', (error) => log.push(error.message)); let n = 0;
     let enough; const all = new Promise((resolve) => { enough = resolve; });
     const interval = setInterval(() => { if (++n === 3) { clearInterval(interval); enough(); } throw new Error('n' + n); }, 2); await all; return log;`,
    ['n1', 'n2', 'n3'],
  ],
  [
    'what a tick, a microtask and an immediate throw goes to the handler, and the rest runs',
    `const log = []; process.on('uncaughtException', (error) => log.push(error.message)); await pause();
     process.nextTick(() => { throw new Error('tick'); }); process.nextTick(() => log.push('next tick'));
     queueMicrotask(() => { throw new Error('micro'); }); queueMicrotask(() => log.push('next micro'));
     setImmediate(() => { throw new Error('immediate'); }); setImmediate(() => log.push('next immediate'));
     await pause(5); return log.sort();`,
    ['immediate', 'micro', 'next immediate', 'next micro', 'next tick', 'tick'],
  ],
  [
    'AsyncLocalStorage is followed through timers, ticks and immediates, however it was loaded',
    `const { AsyncLocalStorage } = process.getBuiltinModule('async_hooks'); const store = new AsyncLocalStorage(); const log = [];
     await store.run('v', async () => { setTimeout(() => log.push(store.getStore()), 1); setImmediate(() => log.push(store.getStore()));
       process.nextTick(() => log.push(store.getStore())); await pause(6); log.push(store.getStore()); });
     return [...log, store.getStore() ?? null];`,
    ['v', 'v', 'v', 'v', null],
  ],
];

for (const [name, body, value, isTimed = false] of CASES)
  test(name, async () => {
    using built = await program(`${HEAD}export default async function main() {\n${body}\n}`);
    await inAllStages(built, { how: 'done', value, out: '' }, { isTimed });
  });

test('timers that are overdue at a resume fire in the order of their times', async () => {
  using built = await program(
    `${HEAD}export default async () => { const log = []; for (const ms of [900, 600, 300]) setTimeout(() => log.push(ms), ms); await pause(1000); return log; };`,
  );
  const history = await killAfter(built, 5, { id: 'ses_overdue' });
  await new Promise((resolve) => setTimeout(resolve, 1100));
  const { outcome } = await run(built, { id: 'ses_overdue', history });
  assert.deepEqual(outcome.how === 'done' ? outcome.value : outcome.error, [300, 600, 900]);
});

/** Everything is overdue by an hour, and what waits has ten times its time: so that a real call can be slow beside a timer. */
const laterAndSlower: Clock = {
  ...realClock,
  wallMs: () => realClock.wallMs() + 3_600_000,
  after: (ms, fire, options) => realClock.after(ms * 10, fire, options),
};

test('a call that is asked again is given the time that an overdue timer had left', async () => {
  using built = await program(
    `${HEAD}import { readFile } from 'node:fs/promises'; export default async () => await Promise.race([readFile(import.meta.filename).then(() => 'read'), new Promise((r) => setTimeout(r, 300, 'late'))]);`,
  );
  // The call and the timer are in the journal, and neither has ended.
  const history = await killAfter(built, 3, { id: 'ses_grace' });
  const { outcome } = await run(built, { id: 'ses_grace', history, clock: laterAndSlower });
  assert.equal(outcome.how === 'done' ? outcome.value : outcome.error, 'read');
});

test('an overdue timer that is held back is not fired by a short one that is set after the resume', async () => {
  using built = await program(
    `${HEAD}import { readFile } from 'node:fs/promises'; export default async () => { const log = []; const late = new Promise((r) => setTimeout(() => { log.push('late'); r(); }, 300));
     await readFile(import.meta.filename); await pause(2); log.push('short'); await late; return log; };`,
  );
  const history = await killAfter(built, 3, { id: 'ses_held' });
  const { outcome } = await run(built, { id: 'ses_held', history, clock: laterAndSlower });
  assert.deepEqual(outcome.how === 'done' ? outcome.value : outcome.error, ['short', 'late']);
});

test('timers of one turn that a crash cuts in two keep their order', async () => {
  using built = await program(`${HEAD} export default async () => Promise.race([delay(60, 'slow'), delay(20, 'fast')]);`);
  const history = await killAfter(built, 2);
  assert.equal(history.at(-1)?.t, 'timer');
  await new Promise((resolve) => setTimeout(resolve, 120));
  const { outcome } = await run(built, { history });
  assert.equal(outcome.how === 'done' && outcome.value, 'fast');
});
