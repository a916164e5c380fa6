// process model 3: the epoch is raised while the program waits in a barrier, and the program catches everything.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { after, describe, it } from 'node:test';
import { openSqliteJournal, type SqliteJournal } from '../../src/durable/engines/index.ts';
import { needs } from '../support/needs.ts';
import { groupGone, workFolder, type Owner } from '../worker/support/harness.ts';
import { pause, stopWhile, until } from './support/processes.ts';
import { effectFile, endOwners, eventsIn, runFolder, started } from './support/sessions.ts';

describe('an owner that was fenced', { skip: needs('linux'), concurrency: 2 }, () => {
  after(endOwners);

  it('an owner that was fenced while the program waits in a barrier ends with 4, and no effect begins whose barrier was not on disk before the fence', async (context) => {
    using folder = workFolder();
    const file = effectFile(folder.path);
    const owner = await started(folder.path, { kind: 'catching sync' });
    const journal = await fenceInBarrier(owner, folder.path);
    const recorded = await eventsIn(folder.path);
    const startedMs = performance.now();
    owner.child.kill('SIGCONT');
    const { code } = await owner.closed;
    context.diagnostic(`ended ${(performance.now() - startedMs).toFixed(0)} ms after it went on`);
    await groupGone(owner.runnerPid);
    assert.deepEqual([code, owner.result?.problem?.code], [4, 'SESSION_FENCED'], JSON.stringify([owner.thrown, owner.result]));
    // The owner may have stood still when it had committed what the barrier waits for, with the answer on its way.
    const allowed = recorded.filter((event) => event.t === 'sync').length + 1;
    assert.ok(Number(readFileSync(file, 'utf8')) <= allowed, `effect ${readFileSync(file, 'utf8')} where ${allowed} may have begun`);
    assert.equal(existsSync(`${file}.caught`), false);
    assert.equal((await eventsIn(folder.path)).length, recorded.length, 'nothing was written after the fence');
    journal.close();
  });

  it('an owner that was fenced under asynchronous calls ends with 4, and no effect is made that is not in the journal', async () => {
    using folder = workFolder();
    const file = effectFile(folder.path);
    const owner = await started(folder.path, { kind: 'catching async' });
    await until('some effects', () => Number(readFileSync(file, 'utf8')) > 3);
    const journal = openSqliteJournal({ folder: runFolder(folder.path) });
    const recorded = await eventsIn(folder.path);
    const { code } = await owner.closed;
    await groupGone(owner.runnerPid);
    assert.deepEqual([code, owner.result?.problem?.code], [4, 'SESSION_FENCED'], JSON.stringify([owner.thrown, owner.result]));
    const intents = recorded.filter((event) => event.t === 'call' && event.fn.endsWith('writeFile')).length;
    assert.ok(Number(readFileSync(file, 'utf8')) <= intents, `effect ${readFileSync(file, 'utf8')} with ${intents} intents`);
    assert.equal(existsSync(`${file}.caught`), false);
    assert.equal((await eventsIn(folder.path)).length, recorded.length, 'nothing was written after the fence');
    journal.close();
  });
});

/** Raises the epoch while the owner stands still and the program waits for it. A moment at which the owner holds the file is not taken. */
async function fenceInBarrier(owner: Owner, folder: string): Promise<SqliteJournal> {
  for (;;) {
    await stopWhile(owner.child.pid ?? 0, owner.runnerPid, 'read', 5);
    try {
      return openSqliteJournal({ folder: runFolder(folder) });
    } catch (error) {
      // Stopped inside a commit it has the lock of the writer; right behind it, that of a reader.
      if (!/locked|is being read by another process/.test(String(error))) throw error;
      owner.child.kill('SIGCONT');
      // Stopped again at once it would not have gone on at all.
      await pause(7);
    }
  }
}
