// ssh through an intermediary: the tool and its questions run there, the answers come from here.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { connect, local, ssh, type Question } from '../../src/index.ts';
import { add, whoAmI } from '../ssh/programs/far.ts';
import { openRig, rigProblem, type Rig } from '../ssh/rig.ts';
import type { FarUser } from '../ssh/support/far-user.ts';
import { placeNode } from '../ssh/support/homes.ts';

const PASSWORD = 'correct horse';

/** A home with a Node and nothing else. */
const prepare = (home: string): void => placeNode(home, 'n');

describe('ssh via', { skip: rigProblem() ?? false }, () => {
  let rig: Rig;
  let user: FarUser;
  before(async () => {
    rig = await openRig([{ shell: '/bin/sh', home: 'memory', password: PASSWORD, prepare }]);
    [user] = rig.users as [FarUser];
  });
  after(async () => await rig.close());

  test('ssh via a local context runs calls on the host, and what is between may be closed', async () => {
    await using middle = await local({ name: 'middle' });
    const far = await ssh({ name: 'far', host: '127.0.0.1', port: rig.port, user: user.name, configFile: rig.config(), via: middle });
    assert.equal((await far.call(whoAmI)).user, user.name);
    await using below = await local({ name: 'below', via: far });
    assert.equal((await below.call(whoAmI)).user, user.name);
    assert.equal(await below.call(add, 2, 3), 5);
    assert.notEqual(below.info.pid, far.info.pid);
    await middle.close();
    await assert.rejects(far.call(add, 1, 2), (error: { code?: string }) => error.code === 'REMOTE_LOST' || error.code === 'REMOTE_CLOSED');
  });

  test('ssh via asks its question here', async () => {
    await using middle = await local({ name: 'asking' });
    const asked: Question[] = [];
    await using far = await ssh({
      name: 'far',
      host: '127.0.0.1',
      port: rig.port,
      user: user.name,
      configFile: rig.config({ key: 'none' }),
      via: middle,
      ask: async (question) => {
        asked.push(question);
        return PASSWORD;
      },
    });
    assert.equal(await far.call(add, 2, 3), 5);
    assert.deepEqual(
      asked.map(({ kind, isSecret }) => [kind, isSecret]),
      [['password', true]],
    );
  });

  test('connect: a chain of targets opens one through the other, and the same chain gives the same context', async () => {
    const context = await connect('local:a+local:b');
    await using outer = await connect('local:a');
    assert.equal(context, await connect('local:a+local:b'));
    assert.notEqual(context.info.pid, outer.info.pid);
    assert.equal(await context.call(add, 1, 2), 3);
  });
});
