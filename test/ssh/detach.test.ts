// Contexts of ssh that live on when the connection has ended: their stderr is a pipe of sshd. What holds everywhere: test/detach/detach.test.ts.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { attach } from 'resprout';
import { Controller, insideOf, startAndLeave, type Started } from '../detach/support.ts';
import { isAlive } from '../support/processes.ts';
import { until } from '../support/until.ts';
import { openRig, rigProblem, type Rig } from './rig.ts';
import { commandsOf, type FarUser } from './support/far-user.ts';
import { placeNode } from './support/homes.ts';

const skip = rigProblem() ?? false;

describe('a context of ssh', { skip }, () => {
  let rig: Rig;
  let user: FarUser;
  let configFile: string;
  before(async () => {
    rig = await openRig([{ shell: '/bin/bash', prepare: (home) => placeNode(home, 'n') }]);
    [user] = rig.users as [FarUser];
    configFile = rig.config();
  });
  after(async () => await rig.close());
  const target = (): string => `ssh://${user.name}@127.0.0.1:${rig.port}`;
  const start = (leaseMs: number): Promise<Started> =>
    startAndLeave(JSON.stringify({ host: '127.0.0.1', port: rig.port, user: user.name, configFile }), leaseMs);
  const untilNobody = (): Promise<void> => until('no process of the far user', () => commandsOf(user.uid).length === 0);

  test('lives on without its connection, with children that print, and is taken over by another one', async () => {
    const started = await start(60_000);
    assert.equal(started.running, 'REMOTE_DETACHED');
    for (const pid of [started.pid, ...started.children]) assert.ok(isAlive(pid), `${pid} lives`);
    await using controller = new Controller('attach', target());
    controller.tell({ token: started.token, configFile });
    const found = await controller.until<{ pid: number; sum: number }>((said) => 'name' in said);
    assert.equal(found.pid, started.pid);
    assert.ok(found.sum > 5);
    const wanted = new Set(['console log here again', 'stdout out here again', 'stderr err here again', 'stdout tick', 'stderr tock']);
    while (wanted.size > 0) {
      const line = await controller.until<{ stream: string; text: string }>((said) => 'stream' in said);
      wanted.delete(`${line.stream} ${line.text}`);
    }
    controller.tell('close');
    while ((await controller.next<unknown>()) !== 'closed');
    await untilNobody();
  });

  test('ends with its lease, and leaves nothing there', async () => {
    const started = await start(2000);
    await untilNobody();
    assert.ok(!existsSync(dirname(insideOf(started.token).path)));
    await assert.rejects(attach(target(), started.token, { configFile }), { code: 'REMOTE_NOT_DETACHED' });
    await untilNobody();
  });

  test('ends with the connection of whoever has attached to it', async () => {
    const started = await start(60_000);
    const controller = new Controller('attach', target());
    controller.tell({ token: started.token, configFile });
    await controller.until((said) => 'name' in said);
    await controller.kill();
    await untilNobody();
  });
});
