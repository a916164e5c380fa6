// Contexts of sessions that get lost: in the middle of a call, while they open, in the middle of a stream. Kills are real.
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { local } from 'resprout';
import { workFolder, type Owner } from '../worker/support/harness.ts';
import { CaseSession } from './support/kinds.ts';

/** A session of `lost.ts` in a folder of its own. */
function session(name: string): CaseSession & Disposable {
  const folder = workFolder();
  const data = { go: path.join(folder.path, 'go'), node: path.join(folder.path, 'node') };
  return Object.assign(new CaseSession(folder.path, 'lost.ts', name, data), { [Symbol.dispose]: () => folder[Symbol.dispose]() });
}

interface Ran {
  readonly pid: number;
  readonly parent: number;
  readonly generation: number;
  readonly key: string;
}

const ran = (lines: readonly string[]): Ran[] => lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Ran);

async function done(one: CaseSession, owner: Owner): Promise<unknown> {
  await owner.closed;
  assert.equal(owner.result?.state, 'done', JSON.stringify([owner.thrown, owner.result, owner.output]));
  await one.replays(owner.result.value);
  return owner.result.value;
}

/**
 * A Node whose first starts end as the shell lines say, before it reads anything; each start leaves a line. Asked for its version it answers.
 */
function fakeNode(one: CaseSession, ends: string): string {
  const log = path.join(one.folder, 'starts');
  writeFileSync(log, '');
  const text = `#!/bin/sh\n[ "$1" = -v ] && exec ${process.execPath} -v\necho x >> ${log}\nn=$(wc -l < ${log})\n${ends}\nexec ${process.execPath} "$@"\n`;
  writeFileSync(path.join(one.folder, 'node'), text);
  chmodSync(path.join(one.folder, 'node'), 0o755);
  return log;
}

const startsIn = (log: string): number => readFileSync(log, 'utf8').split('\n').length - 1;

describe('a context of a session that gets lost', { concurrency: 4 }, () => {
  test('call whose process is killed is made again in a new one, with the same key; info is the same in a replay', async () => {
    using one = session('held');
    const owner = one.start('run');
    await owner.until(() => ran(one.lines()).length === 1, 'the call');
    const [first] = ran(one.lines());
    process.kill(first?.pid ?? 0, 'SIGKILL');
    writeFileSync(path.join(one.folder, 'go'), '');
    const value = (await done(one, owner)) as { before: Ran; after: Ran };
    const [, second] = ran(one.lines());
    assert.deepEqual([first?.generation, second?.generation, first?.key], [1, 2, second?.key]);
    assert.notEqual(first?.pid, second?.pid);
    const { before, after, ...rest } = value;
    assert.deepEqual(rest, { generation: 2, next: 2 });
    assert.deepEqual([before.generation, before.pid, after.generation, after.pid], [1, first?.pid, 2, second?.pid]);
  });

  test('call through a context that is killed opens both again', async () => {
    using one = session('through');
    const owner = one.start('run');
    await owner.until(() => ran(one.lines()).length === 1, 'the call');
    process.kill(ran(one.lines())[0]?.parent ?? 0, 'SIGKILL');
    writeFileSync(path.join(one.folder, 'go'), '');
    assert.deepEqual(await done(one, owner), { generation: 2, before: [2, 1], web: 2, after: 2 }, 'info tells what was delivered');
  });

  test('call of a session that is cancelled fires the signal of the far function', async () => {
    using one = session('cancelled');
    // Time for the far function to hear of it.
    const owner = one.start('run', { options: { ...one.order('run').options, graceMs: 20_000 } });
    await owner.until(() => one.lines().length === 1, 'the call');
    owner.send('cancel');
    await owner.closed;
    assert.equal(owner.result?.state, 'cancelled', JSON.stringify([owner.thrown, owner.result]));
    assert.deepEqual(one.lines(), ['never', 'aborted: REMOTE_CALL_ABORTED']);
  });

  test('call that loses its process at each of four tries gives REMOTE_LOST, which is recorded; the next call has a new process', async () => {
    using one = session('dies');
    const value = (await done(one, one.start('run'))) as { error: { code: string; message: string }; next: number };
    assert.equal(value.error.code, 'REMOTE_LOST');
    assert.match(value.error.message, /the context was lost and 3 more tries did not help/);
    assert.equal(value.next, 5);
    const tries = ran(one.lines());
    assert.deepEqual(
      tries.map(({ generation }) => generation),
      [1, 2, 3, 4],
    );
    assert.equal(new Set(tries.map(({ key }) => key)).size, 1, 'one key');
  });

  test("reopen: 'fail' gives LIVE_OBJECT_LOST, and no other process is started", async () => {
    using one = session('pinned');
    assert.deepEqual(await done(one, one.start('run')), ['LIVE_OBJECT_LOST', 'LIVE_OBJECT_LOST', 1]);
    assert.equal(one.lines().length, 1);
  });

  test('local whose process is killed before it is open is tried again', async () => {
    using one = session('connects');
    const log = fakeNode(one, '[ $n -lt 3 ] && kill -9 $$');
    const startedMs = performance.now();
    assert.deepEqual(await done(one, one.start('run')), { generation: 1, next: 1 });
    assert.equal(startsIn(log), 3);
    assert.ok(performance.now() - startedMs > 6000, 'after 1 and 5 s');
    const opens = (await one.events()).filter((event) => event.t === 'call' && event.fn.startsWith('open '));
    assert.equal(opens.length, 1, 'one event for all tries');
  });

  test('local whose process is killed before it is open at each of four tries gives REMOTE_LOST', async () => {
    using one = session('connects');
    const log = fakeNode(one, 'kill -9 $$');
    const value = (await done(one, one.start('run'))) as { code: string; message: string };
    assert.equal(value.code, 'REMOTE_LOST');
    assert.equal(startsIn(log), 4);
  });

  test('local whose process is killed before it is open gives REMOTE_LOST at once in a plain program', async () => {
    using one = session('connects');
    const log = fakeNode(one, 'kill -9 $$');
    await assert.rejects(local({ name: 'plain', node: path.join(one.folder, 'node') }), {
      code: 'REMOTE_LOST',
      message: 'local plain was lost while it was opened: killed by SIGKILL',
    });
    assert.equal(startsIn(log), 1);
  });

  test('local whose process refuses is not tried again', async () => {
    using one = session('connects');
    const log = fakeNode(one, 'echo "no room for Node here" >&2; exit 3');
    const value = (await done(one, one.start('run'))) as { code: string; message: string };
    assert.deepEqual([value.code, startsIn(log)], ['REMOTE_CONNECT_FAILED', 1]);
    assert.match(value.message, /no room for Node here/);
  });

  test('call of a stream that is half read when the runner is killed gives STREAM_INTERRUPTED after the resume', async () => {
    using one = session('halfRead');
    const owner = one.start('run');
    await owner.until(() => ran(one.lines()).length === 1, 'the call');
    process.kill(owner.runnerPid, 'SIGKILL');
    await owner.closed;
    assert.equal(owner.result?.state, 'lost');
    writeFileSync(path.join(one.folder, 'go'), '');
    assert.deepEqual(await done(one, one.start('resume')), { first: [0, 1], rest: Array.from({ length: 3 }, () => 'STREAM_INTERRUPTED') });
  });

  test('call of a stream whose process is killed gives STREAM_INTERRUPTED, and the session goes on', async () => {
    using one = session('cutStream');
    assert.deepEqual(await done(one, one.start('run')), { seen: [0, 1, 2], code: 'STREAM_INTERRUPTED', next: 2 });
  });

  test('call of a stream whose process is killed while a step is waited for gives STREAM_INTERRUPTED', async () => {
    using one = session('waitingStream');
    const owner = one.start('run');
    await owner.until(
      () => existsSync(path.join(one.folder, 'go')) && ran(one.lines()).length === 1,
      'the first step here, the second there',
    );
    process.kill(ran(one.lines())[0]?.pid ?? 0, 'SIGKILL');
    const { message, ...rest } = (await done(one, owner)) as { message: string };
    assert.deepEqual(rest, { seen: [1], code: 'STREAM_INTERRUPTED', next: 2 });
    assert.match(message, /far\.ts#stuck: the stream was cut off after 1 step when/);
  });
});
