// Commands in sessions: one recorded call each, made again when its process is killed, never on a replay.
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CaseSession } from '../far-calls/support/kinds.ts';
import { workFolder, type Owner } from '../worker/support/harness.ts';
import { untilEnded } from './support/processes.ts';

const PROGRAM = '../../commands/programs/session.ts';

function session(name: string): CaseSession & Disposable {
  const folder = workFolder();
  const data = { go: path.join(folder.path, 'go') };
  return Object.assign(new CaseSession(folder.path, PROGRAM, name, data), { [Symbol.dispose]: () => folder[Symbol.dispose]() });
}

async function done(one: CaseSession, owner: Owner): Promise<unknown> {
  await owner.closed;
  assert.equal(owner.result?.state, 'done', JSON.stringify([owner.thrown, owner.result, owner.output]));
  await one.replays(owner.result.value);
  return owner.result.value;
}

const pidIn = (one: CaseSession, word: string): number =>
  Number(
    one
      .lines()
      .findLast((line) => line.startsWith(`${word} `))
      ?.slice(word.length) ?? 0,
  );

describe('a command of a session', { concurrency: 3 }, () => {
  test('is one recorded call, with its error and its lines, and no replay runs it', async () => {
    using one = session('everything');
    const seen = (await done(one, one.start('run'))) as unknown[];
    assert.deepEqual(seen.slice(0, 1), ['out']);
    const [code, message, exitCode, stderr] = seen[1] as string[];
    assert.deepEqual([code, exitCode, stderr], ['COMMAND_FAILED', 6, 'why']);
    assert.match(String(message), /^web-1: "sh -c .*" ended with exit code 6$/s);
    assert.deepEqual(seen.slice(2), [3, 'a', 'b', 'c', 'COMMAND_FAILED', '18\n18 23', 'xy']);
    assert.deepEqual(one.lines(), ['one', 'two', 'three']);
    const calls = (await one.events()).flatMap((event) => (event.t === 'call' && event.fn.startsWith('$ sh') ? [event] : []));
    assert.ok(
      calls.length >= 6 && calls.filter((call) => call.context === 'web-1').length === 6,
      JSON.stringify(calls.map(({ fn }) => fn)),
    );
    const stored = globSync(path.join(one.folder, 'store/runs/**/*'), { withFileTypes: true }).filter((entry) => entry.isFile());
    assert.ok(stored.length > 0);
    for (const { name, parentPath } of stored)
      assert.equal(readFileSync(path.join(parentPath, name)).includes('never-in-a-journal'), false, `${name} holds the secret`);
  });

  test('is made again in a new process when the far side is killed under it', async () => {
    using one = session('held');
    const owner = one.start('run');
    await owner.until(() => pidIn(one, 'held') > 0, 'the command');
    const command = pidIn(one, 'held');
    process.kill(parentOf(command), 'SIGKILL');
    await owner.until(() => pidIn(one, 'held') !== command, 'the command again');
    writeFileSync(path.join(one.folder, 'go'), '');
    assert.deepEqual(await done(one, owner), [0, 'end', 2]);
    assert.equal(isThere(command), false, 'the first one is gone');
    assert.equal(one.lines().filter((line) => line === 'first').length, 1);
  });

  test('that reads what comes in pieces is not made again with the rest of them', async () => {
    using one = session('fed');
    const owner = one.start('run');
    await owner.until(() => pidIn(one, 'fed') > 0, 'the command');
    process.kill(parentOf(pidIn(one, 'fed')), 'SIGKILL');
    writeFileSync(path.join(one.folder, 'go'), '');
    assert.deepEqual(await done(one, owner), ['REMOTE_LOST', 'next']);
    assert.equal(one.lines().filter((line) => line.startsWith('fed ')).length, 1);
  });

  test('is made again after a resume when the runner was killed under it, and what it left is gone', async () => {
    using one = session('held');
    const owner = one.start('run');
    await owner.until(() => pidIn(one, 'held') > 0, 'the command');
    const command = pidIn(one, 'held');
    process.kill(owner.runnerPid, 'SIGKILL');
    await owner.closed;
    for (let tries = 0; isThere(command); tries++) {
      assert.ok(tries < 3000, 'the command outlives its session');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    writeFileSync(path.join(one.folder, 'go'), '');
    assert.deepEqual(await done(one, one.start('resume')), [0, 'end', 2]);
    assert.equal(one.lines().filter((line) => line === 'first').length, 1);
  });

  test('whose lines are half read when the runner is killed gives STREAM_INTERRUPTED after the resume', async () => {
    using one = session('halfRead');
    const owner = one.start('run');
    const isRead = (): boolean => existsSync(path.join(one.folder, 'go'));
    await owner.until(() => isRead() && one.lines().some((line) => line.startsWith('read')), 'the first line here, the silence there');
    process.kill(owner.runnerPid, 'SIGKILL');
    await owner.closed;
    await untilEnded(['sleep 720']);
    assert.deepEqual(await done(one, one.start('resume')), ['one', 'STREAM_INTERRUPTED']);
  });

  test('that failed is run again by a retry of the session, and nothing before it', async () => {
    using one = session('failing');
    const owner = await one.run('run');
    assert.equal(owner.result?.state, 'failed', JSON.stringify(owner.thrown));
    writeFileSync(path.join(one.folder, 'go'), '');
    const again = one.start('resume', { options: { ...one.order('resume').options, retry: true } });
    assert.equal(await done(one, again), 0);
    assert.deepEqual(one.lines(), ['before']);
  });
});

function parentOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
