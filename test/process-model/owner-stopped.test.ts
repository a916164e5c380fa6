// process model 2: SIGSTOP of the owner for 5 s, in barriers and in an async loop. 11: results above the size of the socket meanwhile.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, describe, it } from 'node:test';
import { needs } from '../support/needs.ts';
import { groupGone, workFolder } from '../worker/support/harness.ts';
import { pause, stopWhile, until } from './support/processes.ts';
import { effectFile, endOwners, eventsIn, started } from './support/sessions.ts';

const STOPPED_MS = 5000;

describe('the owner that stands still', { skip: needs('linux'), concurrency: 3 }, () => {
  after(endOwners);
  for (const kind of ['sync loop', 'async loop']) {
    it(`the owner that stands still for 5 s goes on, and nothing is ended or recorded twice: ${kind}`, async () => {
      using folder = workFolder();
      const file = effectFile(folder.path);
      // It parks between two steps, however long that takes: ended in one it would leave the file empty.
      const owner = await started(folder.path, { kind }, { graceMs: 30_000 });
      if (kind === 'sync loop') await stopWhile(owner.child.pid ?? 0, owner.runnerPid, 'read', 5);
      else owner.child.kill('SIGSTOP');
      await pause(STOPPED_MS / 2);
      const before = Number(readFileSync(file, 'utf8'));
      await pause(STOPPED_MS / 2);
      assert.equal(Number(readFileSync(file, 'utf8')), before, 'nothing goes on without its commit');
      owner.child.kill('SIGCONT');
      await until('the program goes on', () => Number(readFileSync(file, 'utf8')) > before + 5);
      owner.send('park');
      assert.equal((await owner.closed).code, 3, JSON.stringify([owner.thrown, owner.result]));
      assert.equal(owner.events.filter(({ type }) => type === 'started').length, 1);
      const steps = (await eventsIn(folder.path)).filter((event) => 'fn' in event && event.fn.includes('writeFile'));
      const last = Number(readFileSync(file, 'utf8'));
      assert.ok(last - steps.length <= 1 && last >= before, `effect ${last} and ${steps.length} of them in the journal`);
      const ids = steps.map((event) => ('id' in event ? event.id : -1));
      assert.deepEqual(
        ids,
        [...new Set(ids)].toSorted((one, other) => one - other),
        'each once and in order',
      );
    });
  }

  it('the owner that stands still blocks a program with large results no longer than that, and can cancel it afterwards', async (context) => {
    using folder = workFolder();
    const file = effectFile(folder.path);
    writeFileSync(`${file}.big`, Buffer.alloc(700_000));
    const owner = await started(folder.path, { kind: 'blocked write' });
    await stopWhile(owner.child.pid ?? 0, owner.runnerPid, 'write', 5);
    await pause(1000);
    const before = Number(readFileSync(file, 'utf8'));
    owner.child.kill('SIGCONT');
    const startedMs = performance.now();
    await until('the program goes on', () => Number(readFileSync(file, 'utf8')) > before);
    context.diagnostic(`goes on ${(performance.now() - startedMs).toFixed(0)} ms after its owner`);
    // Blocked once more, so that the request meets a program that cannot hear it.
    await stopWhile(owner.child.pid ?? 0, owner.runnerPid, 'write', 5);
    owner.send('cancel');
    owner.child.kill('SIGCONT');
    await owner.closed;
    assert.equal(owner.result?.state, 'cancelled', JSON.stringify([owner.thrown, owner.result]));
    await groupGone(owner.runnerPid);
    assert.equal((await eventsIn(folder.path)).at(-1)?.t, 'end');
  });
});
