import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { missingNodes, testNode } from '../support/nodes.ts';
import { Owner, PROGRAMS, run, workFolder } from './support/harness.ts';
import type { Order } from './support/owner-process.ts';
import { silentServer } from './support/silent-server.ts';

const ID = 'ses_01m86ak2dbn1cm6kytd3q47vkc';

function order(mode: Order['mode'], folder: string, url: string, runnerNode?: string): Order {
  const file = path.join(folder, 'text.txt');
  const options = { file: path.join(PROGRAMS, 'two-steps.ts'), folder, storeFolder: path.join(folder, 'store'), sessionId: ID };
  return { mode, options: { ...options, data: { file, url }, runnerNode } };
}

describe('the runner on other releases of Node', () => {
  for (const version of ['22.18.0', '24.18.1'] as const) {
    it(`the runner on Node ${version} records what the one of the command replays`, { skip: missingNodes(version) }, async () => {
      using folder = workFolder();
      await using server = await silentServer();
      writeFileSync(path.join(folder.path, 'text.txt'), 'text');
      const first = new Owner(order('run', folder.path, server.url, testNode(version)), folder.path);
      await first.until(() => server.requests.length > 0, 'a request');
      first.send('park');
      first.send('park');
      await first.closed;
      assert.equal(first.result?.state, 'parked', JSON.stringify([first.thrown, first.result, first.output]));
      server.answer('answer');
      const again = await run(order('resume', folder.path, server.url), folder.path);
      const value = again.result?.value as { text: string; body: string };
      assert.deepEqual([value.text, value.body], ['text', 'answer'], JSON.stringify([again.thrown, again.result]));
      const replayed = await run(order('replay', folder.path, server.url, testNode(version)), folder.path);
      assert.deepEqual(replayed.result?.value, value, JSON.stringify(replayed.thrown));
    });
  }

  it('the runner that cannot be started is told with its path', async () => {
    using folder = workFolder();
    const owner = await run(order('run', folder.path, '', path.join(folder.path, 'no-node')), folder.path);
    assert.equal(owner.result?.problem?.code, 'RUNNER_LOST', JSON.stringify([owner.thrown, owner.result]));
    assert.match(owner.result?.problem?.message ?? '', /no-node could not be started/);
  });
});

describe('the compile cache', () => {
  it('the compile cache is there after the first run, although the runner is killed', async () => {
    using folder = workFolder();
    await using server = await silentServer();
    server.answer('answer');
    writeFileSync(path.join(folder.path, 'text.txt'), 'text');
    const before = process.env['XDG_CACHE_HOME'];
    process.env['XDG_CACHE_HOME'] = path.join(folder.path, 'cache');
    const owner = await run(order('run', folder.path, server.url), folder.path);
    if (before === undefined) delete process.env['XDG_CACHE_HOME'];
    else process.env['XDG_CACHE_HOME'] = before;
    assert.equal(owner.result?.state, 'done', JSON.stringify([owner.thrown, owner.result]));
    const files = readdirSync(path.join(folder.path, 'cache', 'resprout', 'compile'), { recursive: true });
    assert.ok(files.length > 10, `${files.length} entries`);
  });
});
