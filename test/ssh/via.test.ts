import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { local, ssh, type Question, type SshOptions } from '../../src/index.ts';
import { hang, whoAmI } from './programs/far.ts';
import { openRig, rigProblem, type Rig } from './rig.ts';
import { commandsOf, type FarUser } from './support/far-user.ts';
import { placeNode } from './support/homes.ts';
import { untilGone } from './support/left-over.ts';
import { PASSWORD } from './support/two-shells.ts';

const skip = rigProblem() ?? false;

describe('a context by way of another one', { skip }, () => {
  let rig: Rig;
  let near: FarUser;
  let far: FarUser;
  before(async () => {
    const prepare = (home: string): void => placeNode(home, 'n');
    // Nothing can be written where the intermediary runs: the questions of its ssh need no file either.
    const wish = { shell: '/bin/sh', password: PASSWORD, prepare, home: 'read-only' } as const;
    rig = await openRig([wish, wish], { isSealed: true });
    [near, far] = rig.users as [FarUser, FarUser];
  });
  after(async () => await rig.close());
  const options = (user: FarUser, name: string, key: 'right' | 'none' = 'right'): SshOptions => {
    return { name, host: '127.0.0.1', port: rig.port, user: user.name, configFile: rig.config({ key }) };
  };

  test('local opens a process of the far user by way of one over ssh', async () => {
    await using there = await ssh(options(near, 'between'));
    await using beyond = await local({ via: there, name: 'beyond' });
    const [a, b] = [await there.call(whoAmI), await beyond.call(whoAmI)];
    assert.equal(b.user, near.name);
    assert.notEqual(a.pid, b.pid);
  });

  test('ssh by way of ssh brings the question up and the answer down', async () => {
    const seen: Question[] = [];
    const ask = async (question: Question): Promise<string> => {
      seen.push(question);
      return PASSWORD;
    };
    await using there = await ssh(options(near, 'hop'));
    await using beyond = await ssh({ ...options(far, 'end', 'none'), via: there, ask });
    assert.equal((await beyond.call(whoAmI)).user, far.name);
    assert.deepEqual(
      seen.map(({ kind, who }) => [kind, who]),
      [['password', `${far.name}@127.0.0.1`]],
    );
    await assert.rejects(ssh({ ...options(far, 'unasked', 'none'), via: there }), { code: 'REMOTE_AUTH_NEEDED' });
  });

  test('a context ends with the one that it was opened from, even while it blocks', async () => {
    const there = await ssh(options(near, 'first'));
    const beyond = await ssh({ ...options(far, 'last', 'none'), via: there, ask: async () => PASSWORD });
    const call = assert.rejects(beyond.call(hang));
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.ok(commandsOf(far.uid).length > 0);
    await there[Symbol.asyncDispose]();
    await call;
    await untilGone(`${rig.folder}/no-process-names-this`, near.uid);
    await untilGone(`${rig.folder}/no-process-names-this`, far.uid);
  });

  test('a controller that is killed leaves no process of a chain', async (t) => {
    const runtime = mkdtempSync('/tmp/resprout-run-');
    try {
      const program = join(import.meta.dirname, 'support/context-controller.ts');
      const chain = [JSON.stringify(options(near, 'one')), JSON.stringify(options(far, 'two', 'none')), PASSWORD];
      const controller = spawn(process.execPath, [program, ...chain], {
        env: { ...process.env, XDG_RUNTIME_DIR: runtime },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const ended = once(controller, 'close');
      assert.equal(String(await once(controller.stdout, 'data')), 'open\n');
      assert.ok(commandsOf(near.uid).length > 0 && commandsOf(far.uid).length > 0);
      controller.kill('SIGKILL');
      await ended;
      const goneMs = [await untilGone(runtime, near.uid), await untilGone(runtime, far.uid)];
      t.diagnostic(`gone after ${(goneMs[0] ?? 0).toFixed(0)} and another ${(goneMs[1] ?? 0).toFixed(0)} ms`);
    } finally {
      rmSync(runtime, { recursive: true, force: true });
    }
  });
});
