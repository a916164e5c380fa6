// Each method from another context: the text of the intermediary works there as it does here.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import * as resprout from '../../src/index.ts';
import { METHODS } from '../../src/remote/connect/methods.ts';
import { whoIsHere } from './programs/here.ts';
import { openTargets, targetsProblem, type Targets } from './support/targets.ts';

const skip = targetsProblem();
const methods = METHODS.map(({ name }) => name).filter((name) => name !== 'ssh' && name !== 'local');

type Opener = (options: object) => Promise<resprout.Context>;
const openers = resprout as unknown as Readonly<Record<string, Opener>>;
const open = (method: string, options: object): Promise<resprout.Context> =>
  openers[method]?.(options) ?? Promise.reject(new Error(`there is no ${method}`));

describe('through another context', { skip }, () => {
  let targets: Targets;
  let middle: resprout.Context;
  before(async () => {
    resprout.setContextLog(() => {});
    targets = await openTargets();
    middle = await resprout.local({ name: 'middle' });
  });
  after(async () => {
    await middle.close();
    await targets.close();
  });

  for (const method of methods)
    test(`${method} opens, and is called by what it is part of`, async () => {
      const context = await open(method, { ...targets.options[method], via: middle });
      assert.ok(context.name.startsWith(`middle.${method}.`), context.name);
      const { pid } = await context.call(whoIsHere);
      assert.ok(pid > 0);
      await context.close();
    });

  test('a chain leads through users and into containers', async () => {
    const node = encodeURIComponent(process.execPath);
    const root = await resprout.connect(`local:here+sudo:?node=${node}+su:?node=${node}`);
    assert.equal(root.name, 'here.sudo.root.su.root');
    const inside = await open('docker', { ...targets.options['docker'], user: 'app', via: root });
    assert.deepEqual({ ...(await inside.call(whoIsHere)), pid: 0 }, { uid: 1000, pid: 0, cwd: '/' });
    await resprout.connect('local:here').then((here) => here.close());
    await assert.rejects(inside.call(whoIsHere), { code: 'REMOTE_CLOSED' });
  });

  test('what cannot be opened says so in the words of the tool', async () => {
    for (const via of [undefined, middle]) {
      const docker = { ...targets.options['docker'], container: 'no-such', via };
      await assert.rejects(
        open('docker', docker),
        (error: Error & { code?: string }) => error.code === 'REMOTE_CONNECT_FAILED' && /No such container/.test(error.message),
      );
      await assert.rejects(open('podman', { container: 'x', toolPath: 'no-such-tool', via }), /no-such-tool cannot be started/);
      await assert.rejects(open('sudo', { user: 'no-such-user', via }), { code: 'REMOTE_CONNECT_FAILED' });
      const empty = { directory: '/proc/self', via };
      await assert.rejects(open('chroot', empty), { code: 'REMOTE_CONNECT_FAILED' });
    }
  });
});
