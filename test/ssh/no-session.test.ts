// Why ssh gives no session, where its log level or a proxy would hide it.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TransportLine } from '../../src/remote/connect/index.ts';
import { openRig, rigProblem, type Rig } from './rig.ts';
import { problem, sshRecipe } from './support/dialling.ts';
import type { FarUser } from './support/far-user.ts';

const skip = rigProblem() ?? false;

describe('ssh without a session', { skip }, () => {
  let rig: Rig;
  let shut: FarUser;
  let open: FarUser;
  before(async () => {
    rig = await openRig([{ shell: '/bin/sh' }, { shell: '/bin/bash' }], {
      daemon: ([user]) => [`Match User ${user?.name ?? ''}`, '  MaxSessions 0'],
    });
    const [first, second] = rig.users;
    assert.ok(first !== undefined && second !== undefined);
    [shut, open] = [first, second];
  });
  after(async () => {
    await rig.close();
  });

  test('dial says that the server gives no session, whatever log level the configuration sets', async () => {
    for (const extra of [[], ['LogLevel QUIET'], ['LogLevel DEBUG3', 'LogVerbose nothing.c:*']]) {
      const lines: TransportLine[] = [];
      const error = await problem(sshRecipe(rig, shut, rig.config({ extra })), { lines });
      assert.equal(error.code, 'REMOTE_CONNECT_FAILED', error.message);
      assert.match(error.message, /is let in and gets no session there: connect failed: open failed$/);
      assert.match(error.problem.do ?? '', /MaxSessions/);
      assert.deepEqual(
        lines.map(({ text }) => text),
        ['channel 0: open failed: connect failed: open failed'],
        'neither banner nor origin nor what is beside it',
      );
    }
  });

  test('dial says that the server does not answer any more, where the configuration looks after that', async () => {
    writeFileSync(join(open.home, '.bashrc'), 'kill -STOP $PPID\n');
    open.own();
    const extra = ['ServerAliveInterval 1', 'ServerAliveCountMax 1'];
    const error = await problem(sshRecipe(rig, open, rig.config({ extra })));
    assert.equal(error.code, 'REMOTE_LOST', error.message);
    assert.match(error.message, /was lost while it was opened: Timeout, server 127\.0\.0\.1 not responding\.$/);
  });

  test('dial gives the words of a proxy, and not those of ssh about its end', async () => {
    const extra = ['ProxyCommand sh -c "echo the way to the host is shut >&2"'];
    const error = await problem(sshRecipe(rig, open, rig.config({ extra })));
    assert.equal(error.code, 'REMOTE_CONNECT_FAILED');
    assert.match(error.message, /cannot be reached: the way to the host is shut$/);
  });
});
