import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { ManualClock } from '../../testing/manual-clock.ts';
import { spawnRunner } from '../runner-process.ts';
import { HistoryFeed } from './history-feed.ts';

const ROW_BYTES = 100_000;
const LIMIT_MS = 20_000;

test('a runner that takes nothing holds the reading of a history up, and is ended at the deadline', async () => {
  const runner = spawnRunner();
  const clock = new ManualClock();
  const feed = new HistoryFeed(runner, clock);
  try {
    process.kill(runner.child.pid ?? 0, 'SIGSTOP');
    let taken = 0;
    let waits: Promise<void> | undefined;
    while (waits === undefined && taken < 200) {
      waits = feed.take({ session: 's', firstSeq: taken, count: 1, bytes: new Uint8Array(ROW_BYTES) });
      taken++;
    }
    assert.ok(waits !== undefined && taken * ROW_BYTES < 6_000_000, `${taken} rows wait in memory`);
    assert.equal(clock.waitingCount, 1);
    clock.advance(60_000);
    await Promise.race([waits, setTimeout(LIMIT_MS, undefined, { ref: false }).then(() => assert.fail('it waits on'))]);
    assert.equal(clock.waitingCount, 0);
    assert.ok(runner.journal.destroyed);
    assert.equal(feed.take({ session: 's', firstSeq: taken, count: 1, bytes: new Uint8Array(ROW_BYTES * 50) }), undefined);
  } finally {
    runner.close();
  }
});
