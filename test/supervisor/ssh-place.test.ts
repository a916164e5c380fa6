// A host behind ssh as a place for units.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ssh, type Context } from '../../src/index.ts';
import '../../src/supervisor.ts';
import { placeBehaviours } from '../../src/testing.ts';
import { openRig, rigProblem, type Rig } from '../ssh/rig.ts';
import { commandsOf, type FarUser } from '../ssh/support/far-user.ts';
import { placeNode } from '../ssh/support/homes.ts';
import { until } from '../support/until.ts';

describe('a host behind ssh', { skip: rigProblem() ?? false }, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'resprout-places-'));
  let rig: Rig;
  let user: FarUser;
  let context: Context;
  before(async () => {
    rig = await openRig([{ shell: '/bin/sh', home: 'memory', prepare: (home) => placeNode(home, 'n') }]);
    [user] = rig.users as [FarUser];
    context = await ssh({ name: 'far', host: '127.0.0.1', port: rig.port, user: user.name, configFile: rig.config() });
  });
  after(async () => {
    await rig.close();
    rmSync(folder, { recursive: true });
  });

  for (const { title, run } of placeBehaviours({ in: () => context, folder, hasMemoryLimit: true }))
    test(`ssh ${title}`, { timeout: 200_000 }, run);

  test('nothing of it is left when the context is closed', async () => {
    await context.close();
    await until('the end of all processes of the far user', () => commandsOf(user.uid).length === 0);
    assert.deepEqual(commandsOf(user.uid), []);
  });
});
