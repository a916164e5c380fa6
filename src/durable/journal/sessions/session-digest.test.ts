import { test } from 'node:test';
import assert from 'node:assert/strict';
import { nodeKinds } from '../../../platform/values/node-kinds.ts';
import type { JournalEvent } from '../events/event.ts';
import { SessionDigest } from './session-digest.ts';

const site = { id: 'a', file: 'a.ts', line: 1, column: 1 };
const bytes = new Uint8Array([0]);
const call = (id: number, delivered: number, fn: string): JournalEvent => ({ t: 'call', id, delivered, fn, site, argsHash: '', atMs: 1 });
const failed = (id: number): JournalEvent => ({ t: 'done', id, atMs: 2, outcome: { kind: 'error', bytes } });
const EVENTS: readonly JournalEvent[] = [
  {
    t: 'start',
    version: 3,
    atMs: 0,
    session: 's',
    seed: bytes,
    build: 'b',
    file: '/a.ts',
    exportName: 'default',
    folder: '/',
    argv: [],
    data: bytes,
    envHashes: {},
  },
  call(0, 0, 'first'),
  call(1, 0, 'second'),
  failed(0),
  call(2, 1, 'cleanup'),
  { t: 'end', atMs: 3, how: 'failed', bytes, dropped: [] },
  { t: 'rewind', atMs: 4, to: 3, kept: [], timers: [] },
];

test('SessionDigest tells what is pending behind a rewind once it has the history, and goes on from there', () => {
  const digest = new SessionDigest(nodeKinds);
  for (const event of EVENTS) digest.take(event);
  assert.equal(digest.needsHistory, true);
  assert.equal(digest.state(), undefined, 'nothing wrong is kept');
  digest.recast([...EVENTS, call(3, 0, 'later')]);
  const later = new SessionDigest(nodeKinds, digest.state());
  for (const one of [digest, later]) {
    const info = one.info('s', { owner: undefined, parked: undefined });
    assert.deepEqual([info?.state, info?.events, info?.waitsFor], ['interrupted', 7, { label: 'first', context: undefined, others: 1 }]);
  }
  later.take({ t: 'done', id: 0, atMs: 5, outcome: { kind: 'value', bytes } });
  assert.deepEqual(later.info('s', { owner: undefined, parked: undefined })?.waitsFor, { label: 'second', context: undefined, others: 0 });
});
