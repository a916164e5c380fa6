import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { listSessions, openStore, readSession, resolveSessionId } from '../../src/worker.ts';
import type { Order } from './support/owner-process.ts';
import { groupGone, Owner, PROGRAMS, run, workFolder } from './support/harness.ts';
import { silentServer } from './support/silent-server.ts';
import { groupOf } from '../support/processes.ts';
import { until } from '../support/until.ts';

const ID = 'ses_01m86ak2dbn1cm6kytd3q47vkc';
const LIMIT_MS = 60_000;

function order(mode: Order['mode'], folder: string, kind: string, more: { url?: string; graceMs?: number } = {}): Order {
  const file = path.join(folder, 'file.txt');
  if (!existsSync(file)) writeFileSync(file, 'text');
  const data = { kind, file, url: more.url };
  const storeFolder = path.join(folder, 'store');
  return { mode, options: { file: path.join(PROGRAMS, 'busy.ts'), folder, storeFolder, sessionId: ID, data, graceMs: more.graceMs } };
}

async function started(folder: string, kind: string, more: { url?: string; graceMs?: number } = {}): Promise<Owner> {
  const owner = new Owner(order('run', folder, kind, more), folder);
  await owner.wrote(`begins ${kind}`);
  return owner;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('park', () => {
  it('park lists a call that does not end within the grace, and resume issues it again', async () => {
    using folder = workFolder();
    await using server = await silentServer();
    const owner = await started(folder.path, 'idle', { url: server.url, graceMs: 300 });
    await owner.until(() => server.requests.length > 0, 'a request');
    owner.send('park');
    assert.equal((await owner.closed).code, 3);
    assert.equal(owner.result?.state, 'parked', JSON.stringify([owner.thrown, owner.result]));
    assert.deepEqual(
      owner.result?.unfinished.map((call) => [call.label, call.site?.file.endsWith('busy.ts')]),
      [['fetch', true]],
    );
    const store = openStore({ folder: path.join(folder.path, 'store') });
    assert.equal((await listSessions(store))[0]?.state, 'parked');
    server.answer('at last');
    const again = await run(order('resume', folder.path, 'idle', { url: server.url }), folder.path);
    assert.equal(again.result?.value, 'at last', JSON.stringify([again.thrown, again.result]));
    assert.equal(server.requests.length, 2);
    assert.equal((await listSessions(store))[0]?.state, 'done');
  });

  it('park waits for a result that comes within the grace and records it', async () => {
    using folder = workFolder();
    await using server = await silentServer();
    const owner = await started(folder.path, 'idle', { url: server.url, graceMs: 60_000 });
    await owner.until(() => server.requests.length > 0, 'a request');
    owner.send('park');
    // The request has to reach the program's thread before its result does, and nothing outside tells that it has.
    await pause(3000);
    server.answer('in time');
    await owner.closed;
    assert.deepEqual([owner.result?.state, owner.result?.unfinished], ['parked', []], JSON.stringify([owner.thrown, owner.result]));
    const again = await run(order('resume', folder.path, 'idle', { url: server.url }), folder.path);
    assert.equal(again.result?.value, 'in time', JSON.stringify([again.thrown, again.result]));
  });

  for (const kind of ['sync loop', 'async loop']) {
    it(`park reaches a program in "${kind}" long before the grace`, async () => {
      using folder = workFolder();
      const owner = await started(folder.path, kind, { graceMs: 60_000 });
      await pause(200);
      owner.send('park');
      assert.equal((await owner.closed).code, 3);
      assert.deepEqual([owner.result?.state, owner.result?.unfinished], ['parked', []], JSON.stringify([owner.thrown, owner.result]));
      await groupGone(owner.runnerPid, LIMIT_MS);
    });
  }

  it('park lets a child command end by itself and records it', async () => {
    using folder = workFolder();
    const owner = await started(folder.path, 'short child', { graceMs: 60_000 });
    await until('the child', () => groupOf(owner.runnerPid).length >= 2, LIMIT_MS);
    owner.send('park');
    // As above.
    await pause(3000);
    writeFileSync(path.join(folder.path, 'file.txt.go'), '');
    await owner.closed;
    assert.equal(owner.result?.state, 'parked', JSON.stringify([owner.thrown, owner.result]));
    const store = openStore({ folder: path.join(folder.path, 'store') });
    const { events } = await readSession(store, ID);
    assert.ok(
      events.some((event) => event.t === 'sync' && event.fn.endsWith('execFileSync')),
      JSON.stringify(events),
    );
    const again = await run(order('resume', folder.path, 'short child'), folder.path);
    assert.equal(again.result?.value, 'text', JSON.stringify([again.thrown, again.result]));
  });

  for (const [kind, label] of [
    ['child', /execFileSync$/],
    ['spin', undefined],
  ] as const) {
    it(`park ends a program in "${kind}" when the grace is over`, async () => {
      using folder = workFolder();
      const owner = await started(folder.path, kind, { graceMs: 300 });
      if (kind === 'child') await until('the child', () => groupOf(owner.runnerPid).length >= 2, LIMIT_MS);
      await pause(200);
      owner.send('park');
      assert.equal((await owner.closed).code, 3);
      assert.equal(owner.result?.state, 'parked', JSON.stringify([owner.thrown, owner.result]));
      if (label !== undefined) assert.match(owner.result?.unfinished[0]?.label ?? '', label);
      await groupGone(owner.runnerPid, LIMIT_MS);
    });
  }

  it('park asked for twice ends at once and leaves the session resumable', async () => {
    using folder = workFolder();
    await using server = await silentServer();
    const owner = await started(folder.path, 'idle', { url: server.url, graceMs: 60_000 });
    await owner.until(() => server.requests.length > 0, 'a request');
    owner.send('park');
    owner.send('park');
    await owner.closed;
    assert.equal(owner.result?.state, 'parked');
    assert.deepEqual(
      owner.result?.unfinished.map((call) => call.label),
      ['fetch'],
    );
    server.answer('later');
    const again = await run(order('resume', folder.path, 'idle'), folder.path);
    assert.equal(again.result?.value, 'later', JSON.stringify([again.thrown, again.result]));
  });
});

describe('cancel', () => {
  it('cancelSession asks the live owner: pending calls reject and finally blocks run', async () => {
    using folder = workFolder();
    await using server = await silentServer();
    const owner = await started(folder.path, 'clean', { url: server.url });
    await owner.until(() => server.requests.length > 0, 'a request');
    const cancel = await run(order('cancel', folder.path, 'clean'), folder.path);
    await owner.closed;
    assert.equal(owner.result?.state, 'cancelled', JSON.stringify([owner.thrown, owner.result]));
    assert.equal(cancel.result?.state, 'cancelled', JSON.stringify([cancel.thrown, cancel.result]));
    assert.equal(cancel.result?.note, undefined);
    assert.equal(readFileSync(path.join(folder.path, 'file.txt.cleaned'), 'utf8'), 'yes');
  });

  it('cancelSession owns a session whose owner died, and runs its finally blocks', async () => {
    using folder = workFolder();
    await using server = await silentServer();
    const owner = await started(folder.path, 'clean', { url: server.url });
    await owner.until(() => server.requests.length > 0, 'a request');
    owner.child.kill('SIGKILL');
    await owner.closed;
    const cancel = await run(order('cancel', folder.path, 'clean'), folder.path);
    assert.equal(cancel.result?.state, 'cancelled', JSON.stringify([cancel.thrown, cancel.result]));
    assert.equal(readFileSync(path.join(folder.path, 'file.txt.cleaned'), 'utf8'), 'yes');
    const again = await run(order('resume', folder.path, 'clean'), folder.path);
    assert.equal(again.thrown?.code, 'SESSION_ENDED');
  });

  it('cancelSession ends a program that does not answer, and its end says that finally blocks did not run', async () => {
    using folder = workFolder();
    const owner = await started(folder.path, 'spin', { graceMs: 300 });
    owner.send('cancel');
    await owner.closed;
    assert.equal(owner.result?.state, 'cancelled', JSON.stringify([owner.thrown, owner.result]));
    assert.match(owner.result?.note ?? '', /finally blocks did not run/);
    const store = openStore({ folder: path.join(folder.path, 'store') });
    const { info, events } = await readSession(store, await resolveSessionId(store, ID.slice(0, 12)));
    assert.equal(info.state, 'cancelled');
    assert.equal(events.at(-1)?.t, 'end');
  });
});
