import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ssh, type SshOptions } from '../../src/index.ts';
import { add, fail, hang, tryToWrite, whoAmI } from './programs/far.ts';
import { openRig, rigProblem, type Rig } from './rig.ts';
import { commandsOf, type FarUser } from './support/far-user.ts';
import { placeNode } from './support/homes.ts';
import { untilGone } from './support/left-over.ts';
import { run } from './support/run.ts';

const skip = rigProblem() ?? false;

/** A home with a Node and nothing else. */
const prepare = (home: string): void => placeNode(home, 'n');

function optionsFor(rig: Rig, user: FarUser, name: string): SshOptions {
  return { name, host: '127.0.0.1', port: rig.port, user: user.name, configFile: rig.config() };
}

describe('a context over ssh', { skip }, () => {
  let rig: Rig;
  let user: FarUser;
  before(async () => {
    rig = await openRig([{ shell: '/bin/sh', home: 'memory', prepare }]);
    [user] = rig.users as [FarUser];
  });
  after(async () => await rig.close());

  /** Everything in the home with its times, and every file of the user in places where all may write. */
  const traces = (): string => {
    const home = run('find', [user.home, '-printf', '%p %s %m %T@ %A@ %C@\\n']);
    // Other programs come and go in those places: what find says about them does not matter.
    const others = `find /tmp /var/tmp /dev/shm /run -xdev -user ${user.name} -not -path '${user.home}*' 2>/dev/null || true`;
    return home + run('sh', ['-c', others]);
  };

  test('call runs functions of this program as another user', async () => {
    await using context = await ssh(optionsFor(rig, user, 'calls'));
    const facts = await context.call(whoAmI);
    assert.deepEqual([facts.user, facts.child, facts.version], [user.name, user.name, process.versions.node]);
    assert.equal(await context.call(add, 2, 3), 5);
    await assert.rejects(context.call(fail), { name: 'RangeError', message: 'out of range there' });
  });

  test('ssh writes nothing to the disk of the far side', async () => {
    const before = traces();
    {
      await using context = await ssh(optionsFor(rig, user, 'traces'));
      await context.call(whoAmI);
      assert.notEqual(await context.call(tryToWrite, join(user.home, 'canary')), 'EROFS', 'the test would see a file');
      assert.notEqual(traces(), before);
      run('rm', [join(user.home, 'canary')]);
      run('touch', ['-d', '@1', user.home]);
    }
    const settled = traces();
    {
      await using context = await ssh(optionsFor(rig, user, 'traces-again'));
      await context.call(whoAmI);
      assert.equal(traces(), settled);
    }
    assert.equal(traces(), settled);
  });

  test('close ends a function that blocks, and leaves no process of the far user', async () => {
    const context = await ssh(optionsFor(rig, user, 'hangs'));
    const call = assert.rejects(context.call(hang));
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.ok(commandsOf(user.uid).length > 0);
    await context[Symbol.asyncDispose]();
    await call;
    await untilGone(rig.folder + '/no-process-names-this', user.uid);
  });

  test('a controller that is killed in the middle of a call leaves no process here or there', async (t) => {
    const runtime = mkdtempSync('/tmp/resprout-run-');
    try {
      const program = join(import.meta.dirname, 'support/context-controller.ts');
      const controller = spawn(process.execPath, [program, JSON.stringify(optionsFor(rig, user, 'killed'))], {
        env: { ...process.env, XDG_RUNTIME_DIR: runtime },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const ended = new Promise((resolve) => controller.once('close', resolve));
      await new Promise((resolve) => controller.stdout.once('data', resolve));
      await new Promise((resolve) => setTimeout(resolve, 200));
      controller.kill('SIGKILL');
      await ended;
      t.diagnostic(`gone after ${(await untilGone(runtime, user.uid)).toFixed(0)} ms`);
    } finally {
      rmSync(runtime, { recursive: true, force: true });
    }
  });
});

test('ssh works on a far side where nothing can be written', { skip }, async () => {
  const rig = await openRig([{ shell: '/bin/sh', home: 'read-only', prepare }], { isSealed: true });
  try {
    const [user] = rig.users as [FarUser];
    await using context = await ssh(optionsFor(rig, user, 'sealed'));
    assert.equal((await context.call(whoAmI)).user, user.name);
    for (const folder of [user.home, '/tmp', '/var/tmp', '/dev/shm'])
      assert.match(await context.call(tryToWrite, join(folder, 'x')), /EROFS|EACCES/, folder);
  } finally {
    await rig.close();
  }
});
