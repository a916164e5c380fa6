// The host report on machines that ssh reaches: a real sshd on loopback and users of its own, through the configuration of ssh.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import type { HostReport } from '../../examples/host-report.ts';
import { openRig, rigProblem, type Rig } from '../ssh/rig.ts';
import { commandsOf, type FarUser } from '../ssh/support/far-user.ts';
import { farNode } from '../ssh/support/far-nodes.ts';
import { placeOld } from '../ssh/support/homes.ts';
import { untilGone } from '../ssh/support/left-over.ts';
import { run } from '../ssh/support/run.ts';
import { childrenOf } from '../support/processes.ts';
import { CLI, REPOSITORY, start, until, type Running } from './support/command.ts';
import { disksOf } from './support/far-disk.ts';

const skip = rigProblem() ?? false;
const EXAMPLE = path.join(REPOSITORY, 'examples/host-report.ts');

/** Puts this Node into a folder of a home, and makes a place for temporary files. */
const prepare =
  (folder: string) =>
  (home: string): void => {
    mkdirSync(path.join(home, folder), { recursive: true });
    mkdirSync(path.join(home, 'tmp'));
    writeFileSync(path.join(home, '.profile'), '# nothing\n');
    symlinkSync(farNode(home), path.join(home, folder, 'node'));
  };

type Reached = Exclude<HostReport, { problem: string }>;

/** Fields of a report that do not change from one look to the next on one machine. */
const lasting = ({ system, memory, packages }: Reached) => ({ system, totalBytes: memory.totalBytes, packages });

describe('resprout run examples/host-report.ts over ssh', { skip }, () => {
  let rig: Rig;
  let web: FarUser;
  let sealed: FarUser;
  let odd: FarUser;
  let old: FarUser;
  let config: string;
  let folder: string;

  before(async () => {
    rig = await openRig([
      { shell: '/bin/sh', home: 'memory', prepare: prepare('n/bin') },
      { shell: '/bin/bash', home: 'read-only', prepare: prepare('n/bin') },
      { shell: '/bin/sh', home: 'memory', prepare: prepare('odd place') },
      { shell: '/bin/sh', home: 'memory', prepare: (home) => placeOld(home, '.volta/tools/image/node/lts', 'v20.19.4') },
    ]);
    [web, sealed, odd, old] = rig.users as [FarUser, FarUser, FarUser, FarUser];
    const hosts = { web, sealed, odd, old };
    const blocks = Object.entries(hosts).map(
      ([name, user]) => `Host ${name}\nHostName 127.0.0.1\nPort ${rig.port}\nUser ${user.name}\nSetEnv TMPDIR=${user.home}/tmp\n`,
    );
    config = path.join(rig.folder, 'ssh-config');
    writeFileSync(config, `${blocks.join('')}Host gone\nHostName 127.0.0.1\nPort 1\n${readFileSync(rig.config(), 'utf8')}`);
    folder = mkdtempSync(path.join(tmpdir(), 'resprout-report-'));
  });
  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    await rig.close();
  });

  /** Starts the command. It has the hosts in the machine's ssh configuration, which nobody else sees. */
  function command(cwd: string, ...args: string[]): Running {
    const script = 'mount --bind "$0" /etc/ssh/ssh_config && exec "$@"';
    return start(cwd, 'unshare', ['-m', 'sh', '-c', script, config, process.execPath, CLI, ...args]);
  }

  function report(cwd: string, targets: readonly string[], pause: string): Running {
    mkdirSync(cwd, { recursive: true });
    return command(cwd, 'run', EXAMPLE, '--data', JSON.stringify({ targets, pause }));
  }

  const hostsIn = (cwd: string): HostReport[] =>
    (JSON.parse(readFileSync(path.join(cwd, 'host-report.json'), 'utf8')) as { hosts: HostReport[] }).hosts;

  test('hosts, one of them read-only, give the report of this machine, and the others are told with their reasons', async () => {
    const cwd = path.join(folder, 'all');
    const node = encodeURIComponent(path.join(odd.home, 'odd place/node'));
    const targets = ['local:here', 'ssh://web', 'ssh://sealed', `ssh://odd?node=${node}`, 'ssh://odd?name=lost', 'ssh://old', 'ssh://gone'];
    const users = [web, sealed, odd, old];
    assert.throws(() => writeFileSync(path.join(sealed.home, 'tmp/x'), ''), { code: 'EROFS' });
    const before = disksOf(users);
    const running = report(cwd, targets, '300ms');
    const { code } = await running.closed;
    assert.equal(code, 0, running.err());
    for (const user of users) await untilGone(cwd, user.uid);
    assert.deepEqual(disksOf(users), before, 'nothing was written there');

    const hosts = hostsIn(cwd);
    const reached = hosts.filter((host): host is Reached => !('problem' in host));
    assert.deepEqual(
      reached.map(({ target }) => target),
      targets.slice(0, 4),
    );
    const [here, ...others] = reached;
    assert.ok(here !== undefined);
    for (const host of others) {
      assert.deepEqual(lasting(host), lasting(here));
      assert.deepEqual(Object.keys(host), Object.keys(here));
    }
    const problems = hosts.flatMap((host) => ('problem' in host ? [host.problem] : []));
    assert.match(problems[0] ?? '', /^ssh odd has no Node that runs: no node was found/);
    assert.match(
      problems[1] ?? '',
      /^Every Node of ssh old is older than 22\.18: .*\.volta\/tools\/image\/node\/lts\/bin\/node v20\.19\.4/,
    );
    assert.match(problems[2] ?? '', /^ssh gone cannot be reached: .*Connection refused/);
    const page = readFileSync(path.join(cwd, 'host-report.md'), 'utf8');
    assert.equal(page.match(/not reached/g)?.length, 3);
  });

  test('the look at the far disk sees a file, a touch and a file in a shared place', () => {
    const seen = disksOf([web]);
    const file = path.join(web.home, 'x');
    const shared = path.join('/tmp', `resprout-canary-${process.pid}`);
    for (const place of [file, shared]) {
      run('su', [web.name, '-c', `echo x > ${place}`]);
      assert.notDeepEqual(disksOf([web]), seen, place);
      rmSync(place);
    }
    run('touch', [path.join(web.home, '.profile')]);
    assert.notDeepEqual(disksOf([web]), seen);
  });

  test('call on a host whose Node is too old fails with each path and version', async () => {
    const running = command(folder, 'call', 'ssh://old', `${path.join(REPOSITORY, 'test/ssh/programs/far.ts')}:whoAmI`);
    assert.deepEqual(await running.closed, { code: 4, signal: null });
    assert.match(running.err(), /REMOTE_NODE_TOO_OLD/);
    assert.match(running.err(), /v20\.19\.4/);
  });

  test('call on a host whose far process is killed before it is open says that it was lost', async () => {
    const node = path.join(web.home, 'dying');
    writeFileSync(node, `#!/bin/sh\n[ "$1" = -v ] && exec ${farNode(web.home)} -v\nkill -9 $$\n`, { mode: 0o755 });
    const program = `${path.join(REPOSITORY, 'test/ssh/programs/far.ts')}:whoAmI`;
    const running = command(folder, 'call', `ssh://web?node=${encodeURIComponent(node)}`, program);
    assert.deepEqual(await running.closed, { code: 4, signal: null });
    assert.match(running.err(), /REMOTE_LOST/);
    rmSync(node);
  });

  for (const victim of ['command', 'runner', 'both'] as const) {
    test(`a killed ${victim} leaves no process of the far user${victim === 'both' ? ', and resume makes the report' : ''}`, async (t) => {
      const cwd = path.join(folder, victim);
      const running = report(cwd, ['ssh://web', 'ssh://odd?node=~/odd%20place/node'], victim === 'both' ? '12s' : '1m');
      await until(
        running,
        'two far processes at rest',
        () => /sleep/.test(running.err()) && [web, odd].every(({ uid }) => commandsOf(uid).length > 0),
      );
      const cli = running.child.pid ?? 0;
      const [runner = 0] = childrenOf(cli);
      assert.ok(cli > 0 && runner > 0);
      if (victim !== 'runner') process.kill(cli, 'SIGKILL');
      if (victim !== 'command') process.kill(runner, 'SIGKILL');
      await running.closed;
      const times = await Promise.all([web, odd].map(({ uid }) => untilGone(cwd, uid)));
      t.diagnostic(`gone after ${Math.max(...times).toFixed(0)} ms`);
      if (victim !== 'both') return;
      const resumed = command(cwd, 'resume');
      const { code } = await resumed.closed;
      assert.equal(code, 0, resumed.err());
      assert.deepEqual(
        hostsIn(cwd).map((host) => ['problem' in host, host.target]),
        [
          [false, 'ssh://web'],
          [false, 'ssh://odd?node=~/odd%20place/node'],
        ],
      );
    });
  }
});
