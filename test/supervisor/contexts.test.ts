// Units in contexts: what is lost, and what is opened again.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { local } from '../../src/index.ts';
import { supervise } from '../../src/supervisor.ts';
import { isAlive } from '../support/processes.ts';
import { until } from '../support/until.ts';
import { Heard } from './support/lives.ts';
import { Waits } from './support/runtimes.ts';

const LIMIT = { timeout: 200_000 };

test('a unit in a context that is killed has failed, and its restart is another process there', LIMIT, async () => {
  await using context = await local({ name: 'far' });
  const heard = new Heard();
  await using supervisor = await supervise(Waits, undefined, { in: context, backOff: { firstMs: 1 }, onEvent: heard.onEvent });
  const pid = supervisor.snapshot()[0]?.pid ?? 0;
  assert.ok(isAlive(pid) && pid !== context.info.pid);
  process.kill(pid, 'SIGKILL');
  await until('a second life', () => supervisor.snapshot()[0]?.lives === 2 && supervisor.snapshot()[0]?.state === 'ready');
  assert.deepEqual([heard.ends[0]?.how, heard.ends[0]?.failure?.kind, heard.ends[0]?.failure?.phase], ['failed', 'killed', 'run']);
});

test('a context that is lost takes its units with it: they are lost, and start again where it is opened again', LIMIT, async () => {
  const heard = new Heard();
  const open = () => local({ name: 'lost' });
  const context = await open();
  const supervisor = await supervise(Waits, undefined, { in: open, backOff: { firstMs: 1 }, onEvent: heard.onEvent });
  const pid = supervisor.snapshot()[0]?.pid ?? 0;
  process.kill(context.info.pid, 'SIGKILL');
  await until('a second life', () => supervisor.snapshot()[0]?.lives === 2 && supervisor.snapshot()[0]?.state === 'ready');
  await until('the end of the first', () => !isAlive(pid));
  assert.deepEqual([heard.ends[0]?.how, heard.ends[0]?.failure?.kind, heard.ends[0]?.isTornDown], ['failed', 'lost', false]);
  await supervisor.close();
  await (await open()).close();
});

test('a context that is closed under a unit is lost for good: the budget says so', LIMIT, async () => {
  const context = await local({ name: 'closed' });
  const supervisor = await supervise(Waits, undefined, { in: context, backOff: { firstMs: 1 }, budget: { restarts: 2 } });
  await context.close();
  const { error, how } = await supervisor.ended;
  assert.equal(how, 'gave-up');
  assert.match(String((error?.cause as Error | undefined)?.message), /failed in start/);
});
