// The example of groups, as its first lines say: with a process of this machine, and with a host behind a real sshd.
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { openRig, rigProblem, type Rig } from '../ssh/rig.ts';
import { commandsOf, type FarUser } from '../ssh/support/far-user.ts';
import { placeNode } from '../ssh/support/homes.ts';
import { until } from '../support/until.ts';
import { REPOSITORY, start, type Running } from './support/command.ts';

const EXAMPLE = path.join(REPOSITORY, 'examples/keep-alive.ts');

async function check(running: Running): Promise<void> {
  const { code } = await running.closed;
  assert.equal(code, 0, running.err());
  const [made = '', updated = '', first = '', killed = '', again = ''] = running.out().trimEnd().split('\n');
  assert.match(made, /^http:\/\/127\.0\.0\.1:\d+\/ is made by Pages-0 and Pages-1$/);
  const [, one, two, failed] =
    /^updated under load: (\d+) pages of version one, (\d+) of version two, (\d+) failed; now Pages-2 and Pages-3$/.exec(updated) ?? [];
  assert.ok(Number(one) > 0 && Number(two) > 0, updated);
  assert.equal(failed, '0');
  assert.match(first, /^the watcher on \S+ sees \d+ MB free, in life 1$/);
  assert.equal(killed, 'the far end was killed');
  assert.match(again, /^the watcher on \S+ is there again, in life 2$/);
}

test('node examples/keep-alive.ts updates under load without a failed page, and its watcher comes back', async () => {
  await check(start(tmpdir(), process.execPath, [EXAMPLE]));
});

describe('examples/keep-alive.ts over ssh', { skip: rigProblem() ?? false }, () => {
  let rig: Rig;
  let user: FarUser;
  let config: string;
  before(async () => {
    rig = await openRig([{ shell: '/bin/sh', home: 'memory', prepare: (home) => placeNode(home, 'n') }]);
    [user] = rig.users as [FarUser];
    config = path.join(rig.folder, 'ssh-config');
    const host = `Host far\nHostName 127.0.0.1\nPort ${rig.port}\nUser ${user.name}\n`;
    writeFileSync(config, `${host}${readFileSync(rig.config(), 'utf8')}`);
  });
  after(() => rig.close());

  test('the watcher runs on a host, comes back when its end is killed there, and leaves nothing', async () => {
    // The host is in the machine's ssh configuration, which nobody else sees.
    const script = 'mount --bind "$0" /etc/ssh/ssh_config && exec "$@"';
    await check(start(tmpdir(), 'unshare', ['-m', 'sh', '-c', script, config, process.execPath, EXAMPLE, 'ssh://far']));
    await until('the end of all processes of the far user', () => commandsOf(user.uid).length === 0);
  });
});
