// Files in sessions: a transfer is one recorded call, which goes on where it was when its process is killed.
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import {
  closeSync,
  existsSync,
  globSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { CaseSession } from '../far-calls/support/kinds.ts';
import { workFolder, type Owner } from '../worker/support/harness.ts';

const PROGRAM = '../../files/programs/session.ts';
const MIB = 1024 * 1024;

function session(name: string): CaseSession & Disposable {
  const folder = workFolder();
  const one = new CaseSession(folder.path, PROGRAM, name, { folder: folder.path });
  return Object.assign(one, { [Symbol.dispose]: () => folder[Symbol.dispose]() });
}

async function done(one: CaseSession, owner: Owner): Promise<unknown> {
  await owner.closed;
  assert.equal(owner.result?.state, 'done', JSON.stringify([owner.thrown, owner.result, owner.output]));
  await one.replays(owner.result.value);
  return owner.result.value;
}

/** Half a GiB of blocks that are all different. */
function writeLarge(file: string): void {
  const fd = openSync(file, 'w');
  const block = Buffer.alloc(MIB);
  for (let at = 0; at < 512; at++) {
    block.fill(`block ${at} `);
    writeSync(fd, block);
  }
  closeSync(fd);
}

const partsIn = (folder: string): string[] => readdirSync(folder).filter((name) => name.endsWith('.part'));
const partBytes = (folder: string): number => partsIn(folder).reduce((sum, name) => sum + statSync(path.join(folder, name)).size, 0);

describe('files of a session', () => {
  test('are one recorded call each, which no replay makes again', async () => {
    using one = session('everything');
    mkdirSync(path.join(one.folder, 'source/sub'), { recursive: true });
    writeFileSync(path.join(one.folder, 'source/a'), 'A');
    writeFileSync(path.join(one.folder, 'source/sub/b'), 'B');
    const owner = one.start('run');
    await owner.closed;
    assert.equal(owner.result?.state, 'done', JSON.stringify([owner.thrown, owner.result, owner.output]));
    const counts = [
      [2, 0],
      [2, 0],
      [0, 2],
    ];
    const value = { counts, missing: 'FILE_MISSING', denied: 'FILE_MISSING', text: 'A', refused: 'CALL_OPTIONS_INVALID' };
    assert.deepEqual(owner.result.value, value);
    const calls = (await one.events()).flatMap((event) => (event.t === 'call' && event.fn.startsWith('files.') ? [event.fn] : []));
    assert.deepEqual(calls, ['files.put', 'files.get', 'files.sync', 'files.write', 'files.read', 'files.put', 'files.read']);
    writeFileSync(path.join(one.folder, 'target/a'), 'changed since');
    const replayed = await one.run('replay');
    assert.deepEqual(replayed.result?.value, value, 'a replay moves nothing');
    const stored = globSync(path.join(one.folder, 'store/runs/**/*'), { withFileTypes: true }).filter((entry) => entry.isFile());
    for (const { name, parentPath } of stored)
      assert.equal(readFileSync(path.join(parentPath, name)).includes('never-in-a-journal'), false, `${name} holds the secret`);
  });

  for (const what of ['the far side', 'the runner'])
    test(`go on with a large file when ${what} is killed in its middle`, async () => {
      using one = session('large');
      writeLarge(path.join(one.folder, 'large'));
      const owner = one.start('run');
      for (let tries = 0; partBytes(one.folder) < 4 * MIB; tries++) {
        assert.ok(tries < 15_000, `nothing moves: ${owner.output}`);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      const [part = ''] = partsIn(one.folder);
      process.kill(what === 'the runner' ? owner.runnerPid : Number(/-(\d+)\.\d+\.part$/.exec(part)?.[1]), 'SIGKILL');
      assert.equal(existsSync(path.join(one.folder, 'copy')), false, 'it was killed in the middle');
      if (what === 'the runner') await owner.closed;
      const second = what === 'the runner' ? one.start('resume') : owner;
      assert.deepEqual(await done(one, second), { fileCount: 1, isResumed: true, generations: 1 });
      assert.ok(readFileSync(path.join(one.folder, 'copy')).equals(readFileSync(path.join(one.folder, 'large'))));
      assert.deepEqual(partsIn(one.folder), []);
    });
});
