import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import type { Order } from './support/owner-process.ts';
import { groupGone, Owner, PROGRAMS, run, workFolder } from './support/harness.ts';
import { silentServer } from './support/silent-server.ts';
import { childrenOf, isAlive } from '../support/processes.ts';
import { until } from '../support/until.ts';

const ID = 'ses_01m86ak2dbn1cm6kytd3q47vkc';
const LIMIT_MS = 60_000;

function order(mode: Order['mode'], folder: string, url: string): Order {
  const data = { file: path.join(folder, 'marks.txt'), url };
  const storeFolder = path.join(folder, 'store');
  return { mode, options: { file: path.join(PROGRAMS, 'far/contexts.ts'), folder, storeFolder, sessionId: ID, data, graceMs: 500 } };
}

const marks = (folder: string): string[] => readFileSync(path.join(folder, 'marks.txt'), 'utf8').trim().split('\n');

const EXPECTED = { apart: true, texts: ['first/', 'second/'], answer: 'answer', loud: 'LATE', here: 'HERE', text: 'first\nsecond\n' };

describe('contexts of a session', () => {
  it('contexts of a session run functions in far processes, and a replay opens nothing', async () => {
    using folder = workFolder();
    await using server = await silentServer();
    server.answer('answer');
    const owner = await run(order('run', folder.path, server.url), folder.path);
    assert.deepEqual(owner.result?.value, EXPECTED, JSON.stringify([owner.thrown, owner.result, owner.output]));
    const lines = owner.events.flatMap((event) => (event.type === 'log' ? [`${event.line.context}: ${event.line.text}`] : []));
    assert.deepEqual(lines, ['one: marked first', 'two: marked second']);
    const synchronous = owner.events.flatMap((event) => (event.type === 'sync' ? [event.label] : []));
    assert.deepEqual(synchronous, ['node:process.pid'], 'functions of late files are the program itself; its number is read once');
    const replayed = await run(order('replay', folder.path, server.url), folder.path);
    assert.deepEqual(replayed.result?.value, EXPECTED, JSON.stringify(replayed.thrown));
    assert.deepEqual(marks(folder.path), ['first', 'second']);
  });

  for (const victim of ['owner', 'runner', 'far process'] as const) {
    it(`contexts of a session are gone when the ${victim} is killed, and are opened again where they are needed`, async () => {
      using folder = workFolder();
      await using server = await silentServer();
      const owner = new Owner(order('run', folder.path, server.url), folder.path);
      await owner.until(() => server.requests.length > 0, 'a request');
      const { runnerPid } = owner;
      const far = childrenOf(runnerPid);
      assert.equal(far.length, 2);
      if (victim === 'far process') {
        for (const pid of far) process.kill(pid, 'SIGKILL');
        server.answer('answer');
        await owner.closed;
        assert.deepEqual(owner.result?.value, EXPECTED, JSON.stringify([owner.thrown, owner.result]));
        return;
      }
      process.kill(victim === 'owner' ? (owner.child.pid ?? 0) : runnerPid, 'SIGKILL');
      await owner.closed;
      await groupGone(runnerPid, LIMIT_MS);
      for (const pid of far) await groupGone(pid, LIMIT_MS);
      server.answer('answer');
      const again = await run(order('resume', folder.path, server.url), folder.path);
      assert.deepEqual(again.result?.value, EXPECTED, JSON.stringify([again.thrown, again.result, again.output]));
      assert.deepEqual(marks(folder.path), ['first', 'second']);
    });
  }

  it('contexts of a session are closed when it parks', async () => {
    using folder = workFolder();
    await using server = await silentServer();
    const owner = new Owner(order('run', folder.path, server.url), folder.path);
    await owner.until(() => server.requests.length > 0, 'a request');
    const far = childrenOf(owner.runnerPid);
    owner.send('park');
    await owner.closed;
    assert.equal(owner.result?.state, 'parked', JSON.stringify(owner.thrown));
    assert.equal(far.length, 2);
    await until('the end of the far processes', () => far.every((pid) => !isAlive(pid)), LIMIT_MS);
  });
});
