import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { listSessions, openStore } from '../../src/worker.ts';
import type { Order } from './support/owner-process.ts';
import { PROGRAMS, run, workFolder } from './support/harness.ts';

const ID = 'ses_01m86ak2dbn1cm6kytd3q47vkc';

function order(mode: Order['mode'], folder: string, pause: string, parkOnSleepMs?: number): Order {
  const data = { file: path.join(folder, 'lines.txt'), pause };
  const storeFolder = path.join(folder, 'store');
  return { mode, options: { file: path.join(PROGRAMS, 'sleeper.ts'), folder, storeFolder, sessionId: ID, data, parkOnSleepMs } };
}

const lines = (folder: string): string => readFileSync(path.join(folder, 'lines.txt'), 'utf8');

describe('sleep', () => {
  it('sleep keeps the command in the foreground and goes on by itself', async () => {
    using folder = workFolder();
    const owner = await run(order('run', folder.path, '300ms'), folder.path);
    assert.equal(owner.result?.state, 'done', JSON.stringify([owner.thrown, owner.result, owner.output]));
    assert.ok(Number(owner.result?.value) >= 300);
    assert.deepEqual(
      owner.events.map((event) => event.type).filter((type) => type === 'sleeping' || type === 'woke'),
      ['sleeping', 'woke'],
    );
    assert.equal(lines(folder.path), 'before\nafter\n');
  });

  it('sleep parks the session when that was asked for, and resume waits for what is left of it', async () => {
    using folder = workFolder();
    const owner = await run(order('run', folder.path, '5s', 0), folder.path);
    assert.deepEqual([owner.result?.state, owner.result?.exitCode], ['parked', 3], JSON.stringify([owner.thrown, owner.result]));
    assert.deepEqual(owner.result?.unfinished, []);
    const dueMs = owner.result?.dueMs ?? 0;
    const [info] = await listSessions(openStore({ folder: path.join(folder.path, 'store') }));
    assert.deepEqual([info?.state, info?.dueMs], ['waiting', dueMs]);
    const again = await run(order('resume', folder.path, '5s'), folder.path);
    assert.equal(again.result?.state, 'done', JSON.stringify([again.thrown, again.result, again.output]));
    assert.ok(Date.now() >= dueMs);
    assert.equal(lines(folder.path), 'before\nafter\n');
  });
});
