// Commands on another host and behind an intermediary, over a real sshd; and a controller that is killed.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { local, Secret, ssh, type Context, type SshOptions } from '../../src/index.ts';
import { openRig, rigProblem, type Rig } from '../ssh/rig.ts';
import { commandsOf, type FarUser } from '../ssh/support/far-user.ts';
import { placeNode } from '../ssh/support/homes.ts';
import { untilGone } from '../ssh/support/left-over.ts';
import { PASSWORD } from '../ssh/support/two-shells.ts';
import { isRunning, untilEnded } from './support/processes.ts';
import { until } from '../support/until.ts';

const skip = rigProblem() ?? false;

describe('context.$ over ssh', { skip }, () => {
  let rig: Rig;
  let near: FarUser;
  let far: FarUser;
  before(async () => {
    const prepare = (home: string): void => placeNode(home, 'n');
    const wish = { shell: '/bin/sh', password: PASSWORD, prepare } as const;
    rig = await openRig([wish, wish]);
    [near, far] = rig.users as [FarUser, FarUser];
  });
  after(async () => await rig.close());
  const options = (user: FarUser, name: string): SshOptions => {
    return { name, host: '127.0.0.1', port: rig.port, user: user.name, configFile: rig.config() };
  };
  const speaks = async (context: Context, user: FarUser): Promise<void> => {
    const { $ } = context;
    assert.equal((await $`id -un`).stdout, user.name);
    assert.equal((await $({ input: new Secret('hidden') })`wc -c`).stdout.trim(), '6');
    assert.deepEqual(await Array.fromAsync($`printf ${'a\nb c\n'}`), ['a', 'b c']);
    const big = await $({ input: 'x'.repeat(1_000_000), encoding: 'bytes' })`cat`;
    assert.equal(big.stdout.length, 1_000_000);
    await assert.rejects($`sh -c ${'echo no >&2; exit 2'}`, { code: 'COMMAND_FAILED' });
    const names = (await $({ lines: true })`env`).stdout.map((entry) => entry.slice(0, entry.indexOf('=')));
    assert.deepEqual(
      names.filter((name) => /^RESPROUT|ASKPASS|^NODE_OPTIONS/.test(name)),
      [],
    );
    await assert.rejects($({ timeoutMs: 300 })`sh -c ${'sleep 741 & sleep 742'}`, { code: 'COMMAND_TIMEOUT' });
    await untilEnded(['sleep 741', 'sleep 742']);
  };

  test('runs commands as the far user', async () => {
    await using context = await ssh(options(near, 'near'));
    await speaks(context, near);
  });

  test('runs commands behind an intermediary, which has no part in them', async () => {
    await using hop = await ssh(options(near, 'hop'));
    await using context = await ssh({
      ...options(far, 'end'),
      configFile: rig.config({ key: 'none' }),
      via: hop,
      ask: async () => PASSWORD,
    });
    await speaks(context, far);
    await using below = await local({ name: 'below', via: hop });
    await speaks(below, near);
  });

  test('leaves no command when the controller, the link or the far Node is killed', async () => {
    const program = join(import.meta.dirname, 'programs/command-controller.ts');
    const controller = spawn(process.execPath, [program, JSON.stringify(options(near, 'one'))], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(controller, 'close');
    assert.equal(String(await once(controller.stdout, 'data')), 'running\n');
    await until('the command', () => isRunning('sleep 743') && isRunning('sleep 744'));
    assert.ok(commandsOf(near.uid).length > 0);
    controller.kill('SIGKILL');
    await ended;
    await untilEnded(['sleep 743', 'sleep 744']);
    await untilGone(`${rig.folder}/no-process-names-this`, near.uid);

    const context = await ssh(options(near, 'two'));
    const command = assert.rejects(context.$`sh -c ${'sleep 745 & sleep 746'}`, { code: 'REMOTE_LOST' });
    while (!isRunning('sleep 746')) await new Promise((resolve) => setTimeout(resolve, 10));
    process.kill(context.info.pid, 'SIGKILL');
    await command;
    await untilEnded(['sleep 745', 'sleep 746']);
    await context.close();
    await untilGone(`${rig.folder}/no-process-names-this`, near.uid);
  });
});
