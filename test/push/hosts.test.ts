// Hosts behind a real sshd that have no Node, and the page that speaks of them.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setContextLog, ssh, type SshOptions } from '../../src/index.ts';
import { runPage } from '../cli/support/document.ts';
import { nothingLeft, Shop } from '../cli/support/cli.ts';
import { openRig, rigProblem, type Rig } from '../ssh/rig.ts';
import { processesOf, type FarUser } from '../ssh/support/far-user.ts';
import { run } from '../ssh/support/run.ts';
import { until } from '../support/until.ts';
import { nodeFacts } from './programs/facts.ts';

const skip = rigProblem() ?? false;
const real = run('sh', ['-c', 'command -v ssh']).trim();

const options = (at: Rig, user: FarUser): SshOptions => ({
  host: '127.0.0.1',
  port: at.port,
  user: user.name,
  configFile: at.config(),
  name: user.name,
  pushNode: true,
});

describe('a host without Node', { skip }, () => {
  const cache = mkdtempSync(path.join(tmpdir(), 'resprout-push-'));
  const lines: string[] = [];
  let rig: Rig;
  let plain: FarUser;
  let readOnly: FarUser;
  let small: FarUser;
  before(async () => {
    process.env['XDG_CACHE_HOME'] = cache;
    setContextLog(({ text }) => void lines.push(text));
    rig = await openRig([{ shell: '/bin/sh' }, { shell: '/bin/bash', home: 'read-only' }, { shell: '/bin/sh', home: 'memory' }]);
    [plain, readOnly, small] = rig.users as [FarUser, FarUser, FarUser];
  });
  after(async () => {
    await rig.close();
    rmSync(cache, { recursive: true, force: true });
  });

  /** What all may write to holds nothing of the user. */
  const left = (user: FarUser): string =>
    run('sh', ['-c', `find /dev/shm /tmp /var/tmp -xdev -name '.part-*' -user ${user.name} 2>/dev/null || true`]);

  test('gets one in its home, and finds it there', async () => {
    for (const name of ['first', 'second']) {
      lines.length = 0;
      const context = await ssh({ ...options(rig, plain), name });
      const facts = await context.call(nodeFacts);
      assert.deepEqual([facts.version, facts.child], [process.version, process.version]);
      assert.ok(facts.execPath.startsWith(`${plain.home}/.cache/resprout/nodes/`), facts.execPath);
      await context.close();
      assert.equal(readdirSync(path.join(plain.home, '.cache/resprout/nodes')).length, 1);
    }
    assert.equal(
      lines.some((line) => line.includes('is put there')),
      false,
    );
  });

  test('runs one from memory where its home is read-only or too small', async () => {
    for (const user of [readOnly, small]) {
      const context = await ssh(options(rig, user));
      assert.match((await context.call(nodeFacts)).execPath, /^\/proc\/\d+\/exe$/);
      assert.equal(left(user), '');
      await context.close();
    }
  });

  test('is left as it was when the controller is killed in the middle, and gets one from the next', async () => {
    const folder = path.join(plain.home, '.cache/resprout/nodes');
    const names = (): string[] => (existsSync(folder) ? readdirSync(folder) : []);
    const isUnderWay = (): boolean => names().some((name) => name.startsWith('.part-') && existsSync(path.join(folder, name, 'node')));
    for (let [kills, tries] = [0, 0]; kills < 3; tries++) {
      assert.ok(tries < 20, 'no kill came in time');
      const isKilled = kills < 2;
      rmSync(folder, { recursive: true, force: true });
      const args = [
        path.join(import.meta.dirname, 'support/pushing-controller.ts'),
        JSON.stringify({ ...options(rig, plain), method: 'ssh' }),
      ];
      const controller = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      const closed = once(controller, 'close');
      let said = '';
      controller.stdout.on('data', (piece) => (said += String(piece)));
      if (isKilled) {
        await until('bytes there', isUnderWay, 60_000);
        controller.kill('SIGKILL');
      }
      await closed;
      await until('no process of the user', () => processesOf(plain.uid).length === 0);
      // The whole of it had arrived before the kill: that one came too late.
      if (isKilled && names().every((name) => /^[0-9a-f]{64}$/.test(name)) && names().length > 0) continue;
      kills++;
      if (isKilled) assert.deepEqual(names(), []);
      else assert.deepEqual([said.endsWith('\nopen\n'), names().length], [true, 1], said);
    }
  });

  test('docs/hosts-without-node.md: every command does what it says', async () => {
    using shop = new Shop();
    const config = shop.program.write(
      'ssh-config',
      `Host web-1\n  HostName 127.0.0.1\n  Port ${rig.port}\n  User ${plain.name}\n  IdentityFile ${rig.folder}/right\n  StrictHostKeyChecking no\n  UserKnownHostsFile /dev/null\n`,
    );
    chmodSync(shop.program.write('ssh', `#!/bin/sh\n[ "$1" = -V ] && exec ${real} -V; exec ${real} -F ${config} "$@"\n`), 0o755);
    const said = await runPage(shop, 'docs/hosts-without-node.md');
    assert.ok(said.length >= 3, 'commands were seen');
    for (const { command, text } of said) if (command.includes('uname')) assert.match(text, /Linux/);
    await nothingLeft(shop.folder);
  });
});

describe('a host without Node on which nothing can be written', { skip }, () => {
  let rig: Rig;
  before(async () => {
    rig = await openRig([{ shell: '/bin/sh', home: 'read-only' }], { isSealed: true });
  });
  after(() => rig.close());

  test('is refused with every folder that was looked at', async () => {
    const [user] = rig.users as [FarUser];
    await assert.rejects(ssh(options(rig, user)), (error: Error & { code?: string }) => {
      assert.equal(error.code, 'REMOTE_PUSH_FAILED');
      for (const folder of [`${user.home}/.cache/resprout/nodes`, '/dev/shm', '/tmp', '/var/tmp'])
        assert.ok(error.message.includes(`${folder} cannot be written`), `${folder} in ${error.message}`);
      return true;
    });
  });
});
