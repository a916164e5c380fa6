// What is done to units and to their owner from outside: nothing is left, and whoever waits is told why.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { supervise } from '../../src/supervisor.ts';
import { isAlive } from '../support/processes.ts';
import { until } from '../support/until.ts';
import { Heard, withFile } from './support/lives.ts';
import { Parents, Waits, Writes } from './support/runtimes.ts';

const LIMIT = { timeout: 200_000 };
const OWNER = fileURLToPath(new URL('./support/owner-controller.ts', import.meta.url));

test('a process that is killed has failed, and its restart is another process', LIMIT, async () => {
  const heard = new Heard();
  await using supervisor = await supervise(Waits, undefined, { backOff: { firstMs: 1 }, onEvent: heard.onEvent });
  const pid = supervisor.snapshot()[0]?.pid ?? 0;
  process.kill(pid, 'SIGKILL');
  await until('a second life', () => supervisor.snapshot()[0]?.state === 'ready' && supervisor.snapshot()[0]?.lives === 2);
  const [end] = heard.ends;
  assert.deepEqual(
    [end?.how, end?.failure?.kind, end?.failure?.phase, end?.signal, end?.isTornDown],
    ['failed', 'killed', 'run', 'SIGKILL', false],
  );
  assert.match(String(end?.failure?.error.message), /^Waits was killed by SIGKILL, in run$/);
  assert.notEqual(supervisor.snapshot()[0]?.pid, pid);
});

test('a process that gets a SIGTERM from outside tears down', LIMIT, () =>
  withFile(async (file, lines) => {
    const heard = new Heard();
    const supervisor = await supervise(Writes, { file, name: 'web' }, { restart: 'transient', onEvent: heard.onEvent });
    process.kill(supervisor.snapshot()[0]?.pid ?? 0, 'SIGTERM');
    assert.equal((await supervisor.ended).how, 'finished');
    assert.deepEqual([heard.ends[0]?.how, heard.ends[0]?.isTornDown, lines().at(-1)], ['cancelled', true, 'web 1 down']);
    await supervisor.close();
  }),
);

test('a stopped process (SIGSTOP) is ended by the last rung', LIMIT, async () => {
  const heard = new Heard();
  const supervisor = await supervise(Waits, undefined, { cancelMs: 300, leaveMs: 200, onEvent: heard.onEvent });
  process.kill(supervisor.snapshot()[0]?.pid ?? 0, 'SIGSTOP');
  await supervisor.close();
  assert.deepEqual([heard.ends[0]?.how, heard.ends[0]?.signal], ['killed', 'SIGKILL']);
});

for (const next of ['wait', 'loop', 'fall'] as const)
  test(`what a unit started goes with it, also what ignores signals and what left its group: ${next}`, LIMIT, () =>
    withFile(async (file, lines) => {
      const options = { restart: 'temporary', cancelMs: 300, leaveMs: 200 } as const;
      const supervisor = await supervise(Parents, { file, next }, options);
      const pids = lines().join(' ').split(' ').map(Number);
      assert.equal(pids.length, 3);
      if (next === 'fall') await supervisor.ended;
      await supervisor.close();
      assert.deepEqual(pids.filter(isAlive), [], 'alive after close');
    }),
  );

for (const how of ['wait', 'loop'] as const)
  test(`a killed owner leaves no unit: ${how}`, LIMIT, () =>
    withFile(async (file, lines) => {
      const owner = spawn(process.execPath, [OWNER, file, how], { stdio: ['ignore', 'pipe', 'inherit'] });
      await new Promise((resolve) => owner.stdout.once('data', resolve));
      const pids = lines().flatMap((line) => (line.includes(' up ') ? Number(line.split(' ').at(-1)) : []));
      assert.equal(pids.filter(isAlive).length, 2);
      owner.kill('SIGKILL');
      await until('the end of both units', () => !pids.some(isAlive));
      // Those that hear of it tear down; an endless loop hears of nothing.
      if (how === 'wait')
        assert.deepEqual(
          lines()
            .filter((line) => line.includes('down'))
            .sort(),
          ['one 1 down', 'two 1 down'],
        );
    }),
  );

test('an owner that is stopped and goes on keeps its units', LIMIT, () =>
  withFile(async (file, lines) => {
    const owner = spawn(process.execPath, [OWNER, file, 'wait'], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((resolve) => owner.stdout.once('data', resolve));
    owner.kill('SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, 300));
    owner.kill('SIGCONT');
    owner.kill('SIGTERM');
    const code = await new Promise((resolve) => owner.once('exit', resolve));
    assert.equal(code, 0);
    assert.deepEqual(lines().slice(2), ['two 1 down', 'one 1 down']);
  }),
);

test('a start that is late leaves nothing', LIMIT, async () => {
  const heard = new Heard();
  const started = supervise(Waits, undefined, { ready: 'told', startMs: 1, cancelMs: 500, onEvent: heard.onEvent });
  await assert.rejects(started, { code: 'UNIT_LATE' });
  assert.equal(heard.states('ended').length, 1);
});

test('an owner that only waits for the end of a unit lives until it is told', LIMIT, async () => {
  const file = fileURLToPath(new URL('./support/idle-owner-controller.ts', import.meta.url));
  const owner = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  owner.stdout.on('data', (piece) => (text += String(piece)));
  const code = await new Promise((resolve) => owner.once('close', resolve));
  assert.deepEqual([code, text], [0, 'finished\n']);
});
