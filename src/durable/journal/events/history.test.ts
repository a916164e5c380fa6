import { test } from 'node:test';
import assert from 'node:assert/strict';
import { codeOf } from '../../../base/errors/errors.ts';
import type { JournalEvent, RewindEvent } from './event.ts';
import { pointAt, readHistory, standingEvents } from './history.ts';

const site = { id: 'a', file: 'a.ts', line: 1, column: 1 };
const nothing = new Uint8Array();
const start: JournalEvent = {
  t: 'start',
  version: 3,
  atMs: 0,
  session: 's',
  seed: nothing,
  build: 'b',
  file: '/a.ts',
  exportName: 'default',
  folder: '/',
  argv: [],
  data: nothing,
  envHashes: {},
};
const call = (id: number, delivered: number): JournalEvent => ({ t: 'call', id, delivered, fn: 'f', site, argsHash: 'x', atMs: 1 });
const timer = (id: number, delivered: number): JournalEvent => ({ t: 'timer', id, delivered, site, dueMs: 5001, atMs: 1 });
const done = (id: number, kind: 'value' | 'error' = 'value'): JournalEvent => ({
  t: 'done',
  id,
  atMs: 2,
  outcome: { kind, bytes: nothing },
});
const end: JournalEvent = { t: 'end', atMs: 3, how: 'failed', bytes: nothing, dropped: [] };
const rewind = (to: number, more: Partial<RewindEvent> = {}): JournalEvent => ({
  t: 'rewind',
  atMs: 100,
  to,
  kept: [],
  timers: [],
  ...more,
});
const seqs = (events: readonly JournalEvent[]): number[] => readHistory(events).standing.map(({ seq }) => seq);

test('without a rewind every event counts', () => {
  const events = [start, call(0, 0), done(0), call(1, 1), done(1, 'error'), end];
  assert.deepEqual(standingEvents(events), events);
  assert.deepEqual([...readHistory(events).voided], []);
  assert.equal(readHistory(events).cut, undefined);
  assert.deepEqual(seqs(events.slice(1)), [1, 2, 3, 4, 5], 'numbers count a start that is left out');
});

test('a rewind to a result makes it void, and leaves its call without one', () => {
  const events = [start, call(0, 0), done(0), call(1, 1), done(1, 'error'), end, rewind(4)];
  const { voided, cut, again, nextId } = readHistory(events);
  assert.deepEqual(seqs(events), [0, 1, 2, 3]);
  assert.deepEqual([...voided], [4, 5]);
  assert.deepEqual([...again], [1]);
  assert.deepEqual(cut, { atMs: 100, given: 1, deliveries: 1, issues: 2 });
  assert.equal(nextId, 2);
  assert.deepEqual([...readHistory([...events, done(1)]).again], [], 'it has a result again');
});

test('what was made before the point counts, wherever it stands in the journal', () => {
  // One batch of two deliveries: call 2 answers the first of them, call 3 the second, which is void.
  const events = [start, call(0, 0), call(1, 0), done(0), done(1, 'error'), call(2, 1), call(3, 2), end, rewind(4)];
  assert.deepEqual(seqs(events), [0, 1, 2, 3, 5]);
  assert.equal(readHistory(events).nextId, 4, 'the number of a void call is not used again');
});

test('results that are kept come at their place, and calls behind them count what they were given', () => {
  const events = [start, call(0, 0), call(1, 0), done(0, 'error'), done(1), end, rewind(3, { kept: [4] }), call(2, 1), done(2)];
  const { standing, cut } = readHistory(events);
  assert.deepEqual(
    standing.map(({ seq }) => seq),
    [0, 1, 2, 4, 7, 8],
  );
  assert.deepEqual(cut, { atMs: 100, given: 0, deliveries: 1, issues: 2 });
  // Kept calls behind a void delivery are counted anew.
  const lanes = [start, call(0, 0), call(1, 0), done(0, 'error'), done(1), call(2, 2), end, rewind(3, { kept: [4, 5] })];
  assert.deepEqual(standingEvents(lanes).at(-1), call(2, 1));
});

test('a rewind to a synchronous call or a timer makes the issue itself void', () => {
  const sync: JournalEvent = {
    t: 'sync',
    id: 1,
    delivered: 1,
    fn: 'g',
    site,
    argsHash: 'x',
    atMs: 1,
    outcome: { kind: 'error', bytes: nothing },
  };
  assert.deepEqual(seqs([start, call(0, 0), done(0), sync, end, rewind(3)]), [0, 1, 2]);
});

test('a timer that begins anew is due after its whole length from then on', () => {
  const events = [start, timer(0, 0), call(1, 0), done(0), end, rewind(3, { timers: [0] })];
  assert.deepEqual(standingEvents(events)[1], { ...timer(0, 0), dueMs: 5100 });
});

test('rewinds add up, and a build that was changed to stays', () => {
  const build: JournalEvent = { t: 'build', build: 'c', atMs: 4 };
  const once = [start, call(0, 0), done(0), call(1, 1), done(1, 'error'), end, rewind(4), build];
  const twice = [...once, done(1), call(2, 2), done(2, 'error'), end, rewind(10)];
  assert.deepEqual(seqs(twice), [0, 1, 2, 3, 7, 8, 9]);
  assert.deepEqual(seqs([...twice, rewind(2)]), [0, 1, 7]);
});

test('a rewind that names what is not there is JOURNAL_CORRUPT', () => {
  const events = [start, call(0, 0), done(0, 'error'), end];
  const isCorrupt = (error: unknown): boolean => codeOf(error) === 'JOURNAL_CORRUPT';
  for (const wrong of [rewind(0), rewind(99), rewind(4), rewind(2, { kept: [1] }), rewind(2, { kept: [77] })])
    assert.throws(() => readHistory([...events, wrong]), isCorrupt);
  assert.throws(() => readHistory([...events, rewind(2), rewind(3)]), isCorrupt, 'that event is void already');
  assert.throws(() => readHistory([...events, { t: 'given', id: 0, atMs: 1, bytes: nothing }]), isCorrupt, 'it has a result');
  assert.throws(() => readHistory([...events, { t: 'given', id: 5, atMs: 1, bytes: nothing }]), isCorrupt);
});

test('a result that is given by hand stands for the one of the call', () => {
  const bytes = new Uint8Array([1]);
  const given: JournalEvent = { t: 'given', id: 0, atMs: 7, bytes };
  assert.deepEqual(standingEvents([start, call(0, 0), { t: 'fork', atMs: 6, from: 'x', at: 2, given: 0 }, given]).at(-1), {
    ...done(0),
    atMs: 7,
    outcome: { kind: 'value', bytes },
  });
});

test('pointAt() says what had been made and given before an event', () => {
  const { standing } = readHistory([start, call(0, 0), call(1, 0), done(0), done(1), call(2, 1), call(3, 2), end]);
  assert.deepEqual(pointAt(standing, 4), { given: 1, madeBelow: 3 });
  assert.deepEqual(pointAt(standing, 5), { given: 1, madeBelow: 2 });
  assert.deepEqual(pointAt(standing, 7), { given: 2, madeBelow: 4 });
  assert.equal(pointAt(standing, 0), undefined);
  assert.equal(pointAt(standing, 8), undefined);
});
