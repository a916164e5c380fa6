// One owner a session: many runs side by side in one store, a session that is held, and one that is taken over.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Shop, jsonOf, nothingLeft } from './support/cli.ts';
import { journalOf } from './support/journal.ts';
import { SLEEP, STEPS, UNTIL_GO } from './support/programs.ts';
import { refused } from './support/refused.ts';

/** The lines that the program has written; nothing before it has written one. */
function stepsOf(shop: Shop): string {
  const file = join(shop.folder, 'steps');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

test('run: 20 runs at the same time in a store that is made by them do not meet', async () => {
  using shop = new Shop({
    'work.ts': `
      import { readFileSync } from 'node:fs';
      import { sleep } from 'resprout/durable';
      export default async function (event: { data: number }) {
        const size = readFileSync('package.json', 'utf8').length;
        await sleep(20);
        return [event.data, size];
      }`,
  });
  const size = readFileSync(join(shop.folder, 'package.json')).length;
  const runs = await Promise.all(Array.from({ length: 20 }, (_, n) => shop.run(['run', 'work.ts', '--json', '-d', String(n)])));
  runs.forEach((ended, n) => assert.deepEqual([jsonOf(ended), ended.exit], [{ ok: true, value: [n, size] }, 0], ended.err));
  assert.equal(shop.ids().length, 20);
  const list = jsonOf(await shop.run(['sessions', '--json', '--state', 'done'])).value as unknown as { events: number }[];
  assert.equal(list.length, 20);
  await nothingLeft(shop.folder);
});

test('resume: a session that runs is SESSION_HELD with pid, since and command, and what to do; it is not disturbed', async () => {
  using shop = new Shop({ 'sleep.ts': SLEEP });
  const run = shop.start(['run', 'sleep.ts', '-d', '3600000']);
  await run.until('wakes in');
  const id = shop.onlyId();
  const { problem } = await refused(shop, ['resume', id], 'SESSION_HELD');
  assert.match(problem.message, new RegExp(`process ${run.pid}$`));
  assert.match(problem.saw ?? '', new RegExp(`^process ${run.pid} \\(resprout run sleep\\.ts\\) has it for \\d+ s$`));
  assert.match(problem.do, /show ses_\w+ --follow/);
  assert.match(problem.do, /--take-over/);
  const again = await shop.run(['run', 'sleep.ts', '--session', id, '--json']);
  assert.equal(jsonOf(again).problem?.code, 'SESSION_HELD');
  const [info] = jsonOf(await shop.run(['sessions', '--json'])).value as unknown as { state: string; owner: { pid: number } }[];
  assert.deepEqual([info?.state, info?.owner.pid], ['running', run.pid]);
  const table = await shop.run(['sessions']);
  assert.match(table.out, new RegExp(`${id} +running +sleep\\.ts:default .*pid ${run.pid}`));
  run.kill('SIGINT');
  assert.equal((await run.ended).exit, 3);
  await nothingLeft(shop.folder);
});

test('resume --take-over: the old owner is fenced and ends with 4, no step is done twice', async () => {
  using shop = new Shop({ 'until-go.ts': UNTIL_GO });
  const old = shop.start(['run', 'until-go.ts']);
  while (!/2\n/.test(stepsOf(shop))) await new Promise((resolve) => setTimeout(resolve, 20));
  const id = shop.onlyId();
  const taken = shop.start(['resume', id, '--take-over']);
  const fenced = await old.ended;
  assert.equal(fenced.exit, 4, fenced.err);
  assert.match(fenced.err, /✖ SESSION_FENCED /);
  shop.program.write('go', '');
  const { exit, out, err } = await taken.ended;
  const steps = stepsOf(shop).trim().split('\n');
  const made = Number(steps.at(-1)) + 1;
  assert.deepEqual([exit, out], [0, `${made}\n`], err);
  // The step under way when the owner was fenced may be made again; every other one is made once, in order.
  assert.deepEqual(
    [...new Set(steps)],
    Array.from({ length: made }, (_, i) => String(i)),
  );
  assert.ok(steps.length <= made + 1, steps.join(' '));
  assert.equal(journalOf(shop, id).events.at(-1)?.t, 'end');
  await nothingLeft(shop.folder);
});

test('resume: an owner that was killed leaves no process, and its session goes on where it was', async () => {
  using shop = new Shop({ 'steps.ts': STEPS });
  const run = shop.start(['run', 'steps.ts', '-d', '{"steps":6,"ms":1200}']);
  while (!/2\n/.test(stepsOf(shop))) await new Promise((resolve) => setTimeout(resolve, 20));
  run.kill('SIGKILL');
  assert.equal((await run.ended).signal, 'SIGKILL');
  await nothingLeft(shop.folder);
  const before = stepsOf(shop);
  const resumed = await shop.run(['resume']);
  assert.deepEqual([resumed.exit, resumed.out], [0, '6\n'], resumed.err);
  assert.match(resumed.err, /recorded events replayed, nothing of them was done again/);
  const after = stepsOf(shop);
  assert.ok(after.startsWith(before));
  assert.deepEqual([...new Set(after.trim().split('\n'))], ['0', '1', '2', '3', '4', '5']);
});
