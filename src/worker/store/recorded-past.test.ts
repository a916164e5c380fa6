import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JournalEvent } from '../../durable/journal/events/event.ts';
import { rowOf, startOf } from '../../testing/stores/rows.ts';
import { pendingOf } from './journal-events.ts';
import { RecordedPast } from './recorded-past.ts';

const ID = 'ses_01m86ak2dbn1cm6kytd3q47vkc';
const site = { id: 's', file: 'program.ts', line: 1, column: 1 };
const call = (id: number): JournalEvent => ({ t: 'call', id, delivered: 0, fn: 'fetch', site, argsHash: 'h', atMs: 1 });
const timer = (id: number): JournalEvent => ({ t: 'timer', id, delivered: 0, site, dueMs: 9, atMs: 1 });
const done = (id: number): JournalEvent => ({ t: 'done', id, atMs: 2, outcome: { kind: 'value', bytes: new Uint8Array(3) } });

function pastOf(events: readonly JournalEvent[]): RecordedPast {
  const past = new RecordedPast();
  let seq = 0;
  for (const event of events) past.take(rowOf(ID, seq++, [event]));
  return past;
}

test('the recorded past knows the start, the end, the builds and what has no result, as a reading of all events does', () => {
  const start = startOf(ID, 1);
  const events: JournalEvent[] = [start, call(0), timer(1), { t: 'build', build: 'other', atMs: 1 }, done(0), call(2), call(3)];
  events.push({ t: 'given', id: 3, atMs: 3, bytes: new Uint8Array(1) }, { t: 'cancel', atMs: 4 });
  const past = pastOf(events);
  assert.equal(past.count, events.length);
  assert.deepEqual(past.start(ID), start);
  assert.deepEqual(past.last, { t: 'cancel', atMs: 4 });
  assert.equal(past.buildOf(start), 'other');
  assert.deepEqual([...past.buildsOf(start)], [start.build, 'other']);
  const { calls, timers } = pendingOf(events);
  assert.deepEqual(
    past.pending?.toSorted((one, other) => (one.t < other.t ? -1 : 1)),
    [...calls, ...timers],
  );
});

test('the recorded past does not say what is pending behind a rewind', () => {
  const past = pastOf([startOf(ID, 1), call(0), { t: 'rewind', atMs: 2, to: 1, kept: [], timers: [] }]);
  assert.equal(past.pending, undefined);
});

test('the recorded past of no events, and of events without a start, is refused', () => {
  assert.throws(() => pastOf([]).start(ID), /cut off before it began/);
  assert.throws(() => pastOf([call(0), done(0)]).start(ID), /does not begin with a start event/);
});
