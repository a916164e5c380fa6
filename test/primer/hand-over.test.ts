// The kernel without the launcher, and on a Node that is no longer the required one.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { missingNodes, testNode, type TestNodeVersion } from '../support/nodes.ts';
import { collect, makeClient, type Client, type Ended } from './support/client.ts';
import { startRegistry, type TestRegistry } from './support/registry.ts';

describe('the kernel', { skip: missingNodes('12.22.12', '20.20.2', '24.18.1') }, () => {
  let registry: TestRegistry;
  let client: Client;
  before(async () => {
    registry = await startRegistry();
    client = makeClient(registry, testNode('20.20.2'));
    assert.equal((await client.run('prime')).code, 0);
  });
  after(async () => {
    client.remove();
    await registry.close();
  });
  const kernel = (version: TestNodeVersion, ...args: string[]): { readonly ended: Promise<Ended>; kill(signal: NodeJS.Signals): void } => {
    const child = spawn(testNode(version), [path.join(client.root, 'proto_kernel.cjs'), 'resprout', ...args], {
      env: { PATH: '/usr/bin:/bin', HOME: client.home },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return { ended: collect(child), kill: (signal) => void child.kill(signal) };
  };

  test('on Node 24 becomes the required Node, with the same pid', async () => {
    const ended = await kernel('24.18.1', 'x').ended;
    assert.equal(ended.code, 0, ended.stderr);
    assert.match(ended.stdout, new RegExp(`"pid":${ended.pid},.*"argv":\\["x"\\],"main":true.*"node":"${process.versions.node}"`));
  });

  for (const version of ['12.22.12', '20.20.2'] as const)
    test(`on Node ${version} runs the required Node as a child and passes its exit code on`, async () => {
      const ended = await kernel(version, 'x').ended;
      assert.match(ended.stdout, new RegExp(`"ppid":${ended.pid},"argv":\\["x"\\]`));
      assert.equal((await kernel(version, 'fail').ended).code, 7);
    });

  test('on Node 12 relays a signal to the program and dies of it too', async () => {
    const main = path.join(client.root, 'src/main.mjs');
    const saved = readFileSync(main, 'utf8');
    const mark = path.join(client.root, 'started');
    writeFileSync(
      main,
      `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(mark)}, String(process.pid)); setInterval(() => {}, 1000);`,
    );
    try {
      const running = kernel('12.22.12');
      let pid = 0;
      for (let waitedMs = 0; pid === 0 && waitedMs < 60_000; waitedMs += 20) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        try {
          pid = Number(readFileSync(mark, 'utf8'));
        } catch {
          // It has not started yet.
        }
      }
      running.kill('SIGTERM');
      assert.equal((await running.ended).signal, 'SIGTERM');
      assert.throws(() => process.kill(pid, 0));
    } finally {
      writeFileSync(main, saved);
      rmSync(mark, { force: true });
    }
  });

  test('started by the launcher on a Node that is no longer the required one goes on with the right one', async () => {
    for (const version of ['24.18.1', '20.20.2'] as const) {
      writeFileSync(path.join(client.root, '.prime/node'), `${testNode(version)}\n`);
      const ended = await client.run('resprout');
      assert.equal(ended.code, 0, ended.stderr);
      assert.match(ended.stdout, new RegExp(`"node":"${process.versions.node}"`));
      assert.notEqual(readFileSync(path.join(client.root, '.prime/node'), 'utf8'), `${testNode(version)}\n`);
    }
  });
});
