// Strands side by side, of which one fails: what the others had is kept, and a kill at any event of the retried run changes nothing in the end.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { openStore, readSession, replaySession, type JournalEvent } from '../../src/worker.ts';
import { ownHere, type Session } from '../builds-calls/support/owned-here.ts';
import { workFolder } from '../worker/support/harness.ts';

const ID = 'ses_01m86ak2dbn1cm6kytd3q47vkc';
const FILE = path.join(import.meta.dirname, 'programs/lanes.ts');
const VALUE = ['0a,0b,0c', '1a,here,1c', '2a,2b,2c', '3a,3b,3c'];
const NOTES = VALUE.join().replace('here,', '').split(',').sort();

for (const how of ['together', 'patient'] as const)
  test(`lanes, ${how}: retried, and killed after every event of the retried run`, { timeout: 900_000 }, async (context) => {
    using work = workFolder();
    const folder = path.join(work.path, 'folder');
    const saved = path.join(work.path, 'saved');
    mkdirSync(folder);
    const session: Session = { file: FILE, sessionId: ID, data: { folder, how }, storeFolder: path.join(work.path, 'store') };
    const eventsNow = async (): Promise<readonly JournalEvent[]> =>
      (await readSession(openStore({ folder: session.storeFolder, create: false }), ID)).events;
    const notes = (): string[] => readFileSync(path.join(folder, 'log.txt'), 'utf8').trim().split('\n').sort();
    const copy = (from: string, to: string): void => {
      rmSync(to, { recursive: true, force: true });
      cpSync(from, to, { recursive: true });
    };
    const agrees = async (): Promise<void> => {
      const before = notes();
      const replayed = await replaySession({ ...session, env: {}, command: 'a test' });
      assert.equal(replayed.state, 'done');
      assert.deepEqual(notes(), before, 'a replay has no effect');
    };

    assert.equal((await ownHere('run', session)).state, 'failed');
    const first = (await eventsNow()).length;
    writeFileSync(path.join(folder, 'late.txt'), 'here');
    mkdirSync(saved);
    copy(session.storeFolder, path.join(saved, 'store'));
    copy(folder, path.join(saved, 'folder'));

    const whole = await ownHere('resume', session, undefined, { retry: true });
    assert.deepEqual([whole.state, whole.value], ['done', VALUE]);
    // A call that was under way when the program ended has no result, and is made again; where it waited for all, there is none.
    if (how === 'patient') assert.deepEqual(notes(), NOTES, 'nothing of the other lanes was done again');
    else assert.deepEqual([...new Set(notes())], NOTES);
    await agrees();
    const last = (await eventsNow()).length;
    context.diagnostic(`events ${first} to ${last - 1}; notes of the undisturbed retry ${notes().join(' ')}`);

    for (let event = first; event < last - 1; event++) {
      copy(path.join(saved, 'store'), session.storeFolder);
      copy(path.join(saved, 'folder'), folder);
      // The order in which the lanes end is not that of the undisturbed run: a run that ends before the event was not killed.
      const killed = await ownHere('resume', session, { event, answered: event % 2 === 0 }, { retry: true }).catch((error: unknown) => ({
        state: String(error),
      }));
      const end = killed.state === 'done' ? killed : await ownHere('resume', session);
      assert.deepEqual([end.state, 'value' in end ? end.value : undefined], ['done', VALUE], `killed after event ${event}`);
      assert.deepEqual([...new Set(notes())], NOTES);
      const counts = Map.groupBy(notes(), (note) => note);
      for (const [note, times] of counts)
        assert.ok(times.length <= 3, `${note} was made ${times.length} times, killed after event ${event}`);
      await agrees();
    }
  });
