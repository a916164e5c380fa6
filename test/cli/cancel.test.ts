import { test } from 'node:test';
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Shop, jsonOf, nothingLeft } from './support/cli.ts';
import { journalOf } from './support/journal.ts';
import { SLEEP } from './support/programs.ts';
import { until } from '../support/until.ts';
import { refused } from './support/refused.ts';

const HANGS = `
import { sleep } from 'resprout/durable';
import { writeFileSync } from 'node:fs';
export default async function () {
  try {
    await sleep(3600000);
  } finally {
    writeFileSync('begun', '');
    await new Promise(() => {});
  }
}
`;

test('cancel: a parked session is replayed, its finally blocks run, and it has ended for good', async () => {
  using shop = new Shop({ 'sleep.ts': SLEEP });
  await shop.run(['run', 'sleep.ts', '-d', '3600000', '--park']);
  const id = shop.onlyId();
  const cancelled = await shop.run(['cancel', id]);
  assert.equal(cancelled.exit, 0, cancelled.err);
  assert.equal(cancelled.out, 'after\n');
  assert.match(cancelled.err, new RegExp(`^${id} cancelled$`, 'm'));
  assert.equal(readFileSync(join(shop.folder, 'finally'), 'utf8'), 'ran');
  await Promise.all([refused(shop, ['cancel', id], 'SESSION_ENDED'), refused(shop, ['resume', id], 'SESSION_ENDED')]);
  const [info] = jsonOf(await shop.run(['sessions', '--json'])).value as unknown as { state: string }[];
  assert.equal(info?.state, 'cancelled');
});

test('cancel: a session that runs is asked through its owner, whose command ends with 1', async () => {
  using shop = new Shop({ 'sleep.ts': SLEEP });
  const run = shop.start(['run', 'sleep.ts', '-d', '3600000']);
  await run.until('wakes in');
  const cancelled = await shop.run(['cancel', shop.onlyId().slice(4), '--json']);
  assert.deepEqual(jsonOf(cancelled).value, { sessionId: shop.onlyId(), state: 'cancelled', note: null });
  const ended = await run.ended;
  assert.deepEqual([ended.exit, ended.out], [1, 'before\nafter\n'], ended.err);
  assert.match(ended.err, /✖ SESSION_CANCELLED /);
  await nothingLeft(shop.folder);
});

test('cancel: a finally block that hangs is ended after the grace, and the note says that it did not run to its end', async () => {
  using shop = new Shop({ 'hangs.ts': HANGS });
  await shop.run(['run', 'hangs.ts', '--park']);
  const id = shop.onlyId();
  const cancelled = await shop.run(['cancel', id, '--grace', '300ms']);
  assert.equal(cancelled.exit, 0, cancelled.err);
  assert.match(cancelled.err, /cancelled; finally blocks did not run/);
  assert.ok(existsSync(join(shop.folder, 'begun')));
  const end = journalOf(shop, id).events.at(-1);
  assert.deepEqual([end?.t, end?.t === 'end' && end.how, end?.t === 'end' && end.note !== undefined], ['end', 'cancelled', true]);
  const shown = await shop.run(['show', id]);
  assert.match(shown.out, /✖ cancelled/);
  await nothingLeft(shop.folder);
});

for (const when of ['before', 'after'] as const)
  test(`cancel: an owner that is stopped ${when} it is asked is given up with what to do, and --take-over ends the session without it`, async () => {
    using shop = new Shop({ 'slow.ts': HANGS.replace('new Promise(() => {})', 'sleep(3600000)') });
    const run = shop.start(['run', 'slow.ts', '--grace', '1h']);
    await run.until('wakes in');
    const id = shop.onlyId();
    if (when === 'before') run.kill('SIGSTOP');
    const asked = shop.start(['cancel', id, '--json']);
    if (when === 'after') {
      await until('its second sleep', () => journalOf(shop, id).events.filter(({ t }) => t === 'timer').length === 2);
      // At rest: amid a commit it would keep everybody out of its journal.
      await new Promise((resolve) => setTimeout(resolve, 1500));
      run.kill('SIGSTOP');
    }
    const refusal = await asked.ended;
    assert.equal(refusal.exit, 4, refusal.err);
    const { problem } = jsonOf(refusal);
    assert.equal(problem?.code, 'SESSION_HELD');
    assert.match(problem?.saw ?? '', /no answer for 15 s/);
    assert.match(problem?.do ?? '', new RegExp(`kill -CONT.*resprout cancel ${id} --take-over`));
    if (when === 'after') assert.match(problem?.do ?? '', new RegExp(`kill -CONT ${run.pid} `));
    const taken = await shop.run(['cancel', id, '--take-over', '--grace', '300ms']);
    assert.equal(taken.exit, 0, taken.err);
    assert.equal(journalOf(shop, id).events.at(-1)?.t, 'end');
    // The request still lies there, and its commit is fenced; one that has heard of it has nothing to commit.
    run.kill(when === 'before' ? 'SIGCONT' : 'SIGKILL');
    assert.equal((await run.ended).exit, when === 'before' ? 4 : -1);
    await nothingLeft(shop.folder);
  });
