import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { openSqliteJournal } from '../../src/durable/engines/index.ts';
import { openStore, readSession } from '../../src/worker.ts';
import { groupGone, Owner, PROGRAMS, run, workFolder } from './support/harness.ts';
import { groupOf } from '../support/processes.ts';
import { until } from '../support/until.ts';
import { silentServer } from './support/silent-server.ts';

const ID = 'ses_01m86ak2dbn1cm6kytd3q47vkc';
const LIMIT_MS = 60_000;

function order(folder: string, kind: string, more: object = {}) {
  const file = path.join(folder, 'file.txt');
  if (!existsSync(file)) writeFileSync(file, 'text');
  const options = {
    file: path.join(PROGRAMS, 'busy.ts'),
    folder,
    storeFolder: path.join(folder, 'store'),
    sessionId: ID,
    data: { kind, file, ...more },
  };
  return { mode: 'run', options } as const;
}

async function started(folder: string, kind: string, more: object = {}): Promise<Owner> {
  const owner = new Owner(order(folder, kind, more), folder);
  await owner.wrote(`begins ${kind}`);
  return owner;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('the owner', () => {
  for (const kind of ['sync loop', 'spin', 'child', 'async loop', 'idle', 'background child']) {
    it(`the owner killed while the program is in "${kind}" takes the runner and its children along`, async () => {
      using folder = workFolder();
      await using server = await silentServer();
      const owner = await started(folder.path, kind, { url: server.url });
      const { runnerPid } = owner;
      await until('the runner and its child', () => groupOf(runnerPid).length >= (kind.includes('child') ? 2 : 1), LIMIT_MS);
      await pause(100);
      owner.child.kill('SIGKILL');
      await owner.closed;
      await groupGone(runnerPid, LIMIT_MS);
    });
  }

  for (let at = 1; at < 4; at++) {
    it(`the owner whose append number ${at} fails answers nobody, and the next one goes on from what was answered`, async () => {
      using folder = workFolder();
      const failed = await run({ ...order(folder.path, 'large'), failAppend: at }, folder.path);
      assert.deepEqual([failed.result?.state, failed.result?.exitCode], ['lost', 4], JSON.stringify([failed.thrown, failed.result]));
      assert.equal(failed.result?.problem?.code, 'STORE_IO');
      const again = await run({ ...order(folder.path, 'large'), mode: 'resume' }, folder.path);
      assert.equal(again.result?.value, 8, JSON.stringify([again.thrown, again.result]));
    });
  }

  it('the owner that was fenced makes no effect possible any more, even for a program that catches everything', async () => {
    using folder = workFolder();
    const owner = await started(folder.path, 'catching loop');
    await pause(100);
    const journal = openSqliteJournal({ folder: path.join(folder.path, 'store', 'runs', ID) });
    await owner.closed;
    journal.close();
    assert.equal(owner.result?.problem?.code, 'SESSION_FENCED', JSON.stringify([owner.thrown, owner.result]));
    await groupGone(owner.runnerPid, LIMIT_MS);
    assert.equal(existsSync(path.join(folder.path, 'file.txt.after')), false);
    // Every effect but the last one had its predecessor on disk: the file is at most one step ahead of the journal.
    const { events } = await readSession(openStore({ folder: path.join(folder.path, 'store') }), ID);
    const writes = events.filter((event) => event.t === 'sync').length;
    const last = Number(readFileSync(path.join(folder.path, 'file.txt'), 'utf8'));
    assert.ok(last <= writes + 1, `effect ${last} with ${writes} in the journal`);
  });

  it('the owner that stands still for a while goes on: nothing is ended and nothing is recorded twice', async () => {
    using folder = workFolder();
    const owner = await started(folder.path, 'sync loop');
    owner.child.kill('SIGSTOP');
    await pause(1500);
    owner.child.kill('SIGCONT');
    await pause(300);
    owner.send('park');
    await owner.closed;
    assert.equal(owner.result?.state, 'parked', JSON.stringify([owner.thrown, owner.result]));
  });
});

describe('the runner', () => {
  for (const kind of ['sync loop', 'spin', 'child', 'async loop', 'idle', 'background child']) {
    it(`the runner killed in "${kind}" is reported with its signal, and its children are gone`, async () => {
      using folder = workFolder();
      await using server = await silentServer();
      const owner = await started(folder.path, kind, { url: server.url });
      await pause(100);
      process.kill(owner.runnerPid, 'SIGKILL');
      const { code } = await owner.closed;
      assert.deepEqual([code, owner.result?.state, owner.result?.problem?.code], [4, 'lost', 'RUNNER_LOST']);
      assert.match(owner.result?.problem?.message ?? '', /SIGKILL/);
      await groupGone(owner.runnerPid, LIMIT_MS);
    });
  }

  it('the runner that crashes in native code is reported with SIGSEGV', async () => {
    using folder = workFolder();
    const owner = await run(order(folder.path, 'segfault'), folder.path);
    assert.match(owner.result?.problem?.message ?? '', /SIGSEGV/, owner.output);
  });

  it('the runner gives its children none of its channels', async () => {
    using folder = workFolder();
    const owner = await run(order(folder.path, 'sockets of children'), folder.path);
    assert.equal(owner.result?.value, '0\n', JSON.stringify([owner.thrown, owner.result]));
  });

  for (const kind of ['closes the channel', 'closes the link', 'garbage on the channel']) {
    it(`the runner whose program ${kind} is ended with a code, and the session can go on`, async () => {
      using folder = workFolder();
      const owner = await run(order(folder.path, kind), folder.path);
      assert.equal(owner.result?.state, 'lost', JSON.stringify(owner.result));
      assert.match(owner.result?.problem?.code ?? '', /^(RUNNER_LOST|REMOTE_PROTOCOL)$/);
      const again = new Owner({ ...order(folder.path, kind), mode: 'resume' }, folder.path);
      // Where the call that did it is recorded, it is not made again, and the program goes on: it is parked then.
      await again.until(() => again.events.some((event) => event.type === 'started'), 'the start').catch(() => undefined);
      await pause(1000);
      again.send('park');
      await again.closed;
      assert.match(again.result?.state ?? '', /^(lost|parked)$/, JSON.stringify([again.thrown, again.result]));
    });
  }

  it('the runner stays small over 100,000 reads in one turn', async () => {
    using folder = workFolder();
    const owner = await run(order(folder.path, 'reads', { count: 100_000 }), folder.path);
    assert.equal(owner.result?.value, 400_000, JSON.stringify([owner.thrown, owner.result]));
    assert.equal(owner.result?.events, 100_002);
  });

  it('the runner hands over results of 8 MiB', async () => {
    using folder = workFolder();
    writeFileSync(path.join(folder.path, 'file.txt'), Buffer.alloc(8 << 20, 1));
    const owner = await run(order(folder.path, 'large'), folder.path);
    assert.equal(owner.result?.value, 16 << 20, JSON.stringify([owner.thrown, owner.result]));
  });

  it('the runner hands over everything the program wrote before its end, in order', async () => {
    using folder = workFolder();
    const owner = await run(order(folder.path, 'writes', { count: 3000 }), folder.path);
    assert.equal(owner.result?.value, 3000, JSON.stringify([owner.thrown, owner.result]));
    const numbers = owner.output.split('\n').flatMap((line) => (line.startsWith('line ') ? [Number(line.split(' ')[1])] : []));
    assert.deepEqual(numbers, [...Array(3000).keys()]);
  });

  it('the runner gets a history of many megabytes back', async () => {
    using folder = workFolder();
    writeFileSync(path.join(folder.path, 'file.txt'), Buffer.alloc(8 << 20, 1));
    await run({ ...order(folder.path, 'large'), killOwnerAfter: 4 }, folder.path);
    const again = await run({ ...order(folder.path, 'large'), mode: 'resume' }, folder.path);
    assert.equal(again.result?.value, 16 << 20, JSON.stringify([again.thrown, again.result]));
    assert.ok((again.result?.replayed ?? 0) >= 5);
  });

  it('the runner takes the exit code of process.exit, and failures', async () => {
    using folder = workFolder();
    const exited = await run(order(folder.path, 'exit'), folder.path);
    assert.deepEqual([exited.result?.exitCode, exited.result?.state], [7, 'failed'], JSON.stringify(exited.thrown ?? exited.result));
    using other = workFolder();
    const failed = await run(order(other.path, 'fails'), other.path);
    assert.deepEqual([failed.result?.exitCode, failed.result?.failure?.name], [1, 'RangeError']);
    assert.match(failed.result?.failure?.stack ?? '', /busy\.ts:\d+/);
    assert.equal(readFileSync(path.join(other.path, 'file.txt'), 'utf8'), 'text');
  });
});
