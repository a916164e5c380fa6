// The proof of the pump: random concurrent programs, many at once in one realm. RESPROUT_FUZZ=N runs N batches, RESPROUT_SEED sets the first.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import type { JournalEvent } from '../../src/durable/journal/events/event.ts';
import { codeOf } from '../../src/base/errors/errors.ts';
import { realClock } from '../../src/platform/time/clock.ts';
import { buildProgram, run, type Program, type Run, type RunOptions } from './support/program.ts';
import { INLINE_KIT, OUTSIDE, chance, randomPrograms } from './support/random-programs.ts';
import { realm } from './support/realm.ts';

const BATCHES = Number(process.env['RESPROUT_FUZZ'] ?? 1);
const FIRST_SEED = Number(process.env['RESPROUT_SEED'] ?? 1);
const TOGETHER = 50;

type Trace = unknown[];
let wrongSession = 0;
let checks = 0;
let activityChecks = 0;
let wrongClock = 0;

Object.defineProperty(globalThis, 'checkActivity', {
  value: (nowMs: number) => {
    activityChecks++;
    if (realm.session() !== undefined || Math.abs(nowMs - realClock.wallMs()) > 100) wrongClock++;
  },
});

async function batch(seed: number): Promise<Program> {
  return await buildProgram({
    'main.ts': randomPrograms(TOGETHER, seed),
    'node_modules/outside/package.json': '{ "name": "outside", "type": "module", "exports": "./index.js" }',
    'node_modules/outside/index.js': OUTSIDE,
    'node_modules/inline-kit/package.json': '{ "name": "inline-kit", "type": "module", "exports": "./index.js" }',
    'node_modules/inline-kit/index.js': INLINE_KIT,
  });
}

interface Traced extends Run {
  readonly trace: Trace;
  /** Length of the trace when the journal had this many events. */
  readonly marks: ReadonlyMap<number, number>;
}

async function traced(built: Program, n: number, options: RunOptions = {}): Promise<Traced> {
  const log: Trace = [];
  const marks = new Map<number, number>();
  const id = `s${n}`;
  const push = (...items: unknown[]): number => {
    checks++;
    if (realm.session()?.id !== id) wrongSession++;
    return Array.prototype.push.apply(log, items);
  };
  realm.kinds.mark(push, 'language');
  Object.defineProperty(log, 'push', { value: push });
  const result = await run(built, {
    id,
    exportName: `p${n}`,
    data: { log },
    sink: { slow: true, onAppend: (count) => void marks.set(count, log.length) },
    ...options,
  });
  return { ...result, trace: structuredClone([...log]), marks };
}

const all = async (work: (n: number) => Promise<Traced>): Promise<readonly Traced[]> =>
  await Promise.all(Array.from({ length: TOGETHER }, (_, n) => work(n)));

function same(again: Traced, recorded: Traced, what: string): void {
  assert.deepEqual(again.trace, recorded.trace, what);
  assert.equal(again.appended.length, 0, `${what}: appended`);
  assert.deepEqual(again.warnings, [], `${what}: warnings`);
}

for (let b = 0; b < BATCHES; b++) {
  const seed = FIRST_SEED + b;
  test(`createSession() replays and resumes ${TOGETHER} random programs at once, seed ${seed}`, { timeout: 600_000 }, async () => {
    using built = await batch(seed);
    const recorded = await all((n) => traced(built, n));
    for (const one of recorded) assert.equal(one.outcome.how, 'done', JSON.stringify(one.outcome));
    for (let n = 0; n < TOGETHER; n += 5) {
      const one = recorded[n];
      if (one !== undefined) same(await traced(built, n, { history: one.events }), one, `program ${n} alone`);
    }
    const together = await all((n) => traced(built, n, { history: recorded[n]?.events ?? [] }));
    together.forEach((one, n) => same(one, recorded[n] as Traced, `program ${n} together`));
    for (let round = 0; round < 3; round++) {
      const cuts = recorded.map(({ events }) => 1 + chance(events.length - 1));
      const resumed = await all((n) => traced(built, n, { history: recorded[n]?.events.slice(0, cuts[n]) ?? [] }));
      resumed.forEach((one, n) => {
        const before = recorded[n] as Traced;
        const seen = before.marks.get(cuts[n] ?? 0) ?? 0;
        assert.deepEqual(one.trace.slice(0, seen), before.trace.slice(0, seen), `program ${n} resumed from ${String(cuts[n])}`);
      });
      for (let n = round; n < TOGETHER; n += 7) {
        const one = resumed[n] as Traced;
        same(await traced(built, n, { history: one.events }), one, `program ${n} resumed, replayed`);
      }
    }
    assert.equal(wrongSession, 0, `${wrongSession} of ${checks} lines were written in the wrong session`);
    assert.equal(wrongClock, 0, `${wrongClock} of ${activityChecks} looks in activities saw a session`);
    assert.ok(checks > 1000 && activityChecks > 500);
  });
}

/** How many of the programs replay wrongly with something broken. */
async function broken(
  seed: number,
  breakIt: (events: readonly JournalEvent[]) => RunOptions,
): Promise<{ readonly tried: number; readonly wrong: number }> {
  using built = await batch(seed);
  let wrong = 0;
  for (let n = 0; n < TOGETHER; n++) {
    const recorded = await traced(built, n);
    try {
      const again = await traced(built, n, { patienceMs: 20, history: recorded.events, ...breakIt(recorded.events) });
      if (JSON.stringify(again.trace) !== JSON.stringify(recorded.trace) || again.appended.length > 0) wrong++;
    } catch (error) {
      assert.equal(codeOf(error), 'JOURNAL_DIVERGED');
      wrong++;
    }
  }
  return { tried: TOGETHER, wrong };
}

test('createSession() is proved by a control that must fail: completions sorted by call', { timeout: 600_000 }, async () => {
  const { wrong } = await broken(77, (events) => {
    const done = events.filter((event) => event.t === 'done').sort((a, b) => a.id - b.id);
    return { history: events.map((event) => (event.t === 'done' ? (done.shift() ?? event) : event)) };
  });
  assert.ok(wrong > 0, 'completions in another order gave the same traces');
});

test(
  'createSession() is proved by a control that must fail: two deliveries without a turn between them',
  { timeout: 600_000 },
  async () => {
    const { wrong } = await broken(78, () => ({ turn: { next: (step) => step() } }));
    assert.ok(wrong > 0, 'deliveries at once gave the same traces');
  },
);
