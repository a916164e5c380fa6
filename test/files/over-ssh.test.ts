// Files of another host and of one behind it, over a real sshd.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ssh, type Context, type SshOptions } from '../../src/index.ts';
import { openRig, rigProblem, type Rig } from '../ssh/rig.ts';
import type { FarUser } from '../ssh/support/far-user.ts';
import { placeNode } from '../ssh/support/homes.ts';
import { PASSWORD } from '../ssh/support/two-shells.ts';

const skip = rigProblem() ?? false;
const MIB = 1024 * 1024;

describe('context.files over ssh', { skip }, () => {
  let rig: Rig;
  let near: FarUser;
  let far: FarUser;
  let folder: string;
  before(async () => {
    const prepare = (home: string): void => placeNode(home, 'n');
    const wish = { shell: '/bin/sh', password: PASSWORD, prepare } as const;
    rig = await openRig([wish, wish]);
    [near, far] = rig.users as [FarUser, FarUser];
    folder = mkdtempSync(join(tmpdir(), 'resprout-files-ssh-'));
    mkdirSync(join(folder, 'source/sub'), { recursive: true });
    writeFileSync(join(folder, 'source/sub/large'), Buffer.alloc(24 * MIB, 'some text of it '));
    writeFileSync(join(folder, 'source/run'), '#!/bin/sh\n', { mode: 0o755 });
  });
  after(async () => {
    rmSync(folder, { recursive: true });
    await rig.close();
  });
  const options = (user: FarUser, name: string, key: 'right' | 'none' = 'right'): SshOptions => {
    return { name, host: '127.0.0.1', port: rig.port, user: user.name, configFile: rig.config({ key }) };
  };
  const moves = async (context: Context): Promise<void> => {
    const { $, files } = context;
    const { fileCount } = await files.put(join(folder, 'source'), '~/copy');
    assert.equal(fileCount, 2);
    assert.equal((await $({ shell: true })`cd && ls -l copy/run | cut -c1-10 && wc -c < copy/sub/large`).stdout, `-rwxr-xr-x\n${24 * MIB}`);
    const back = join(folder, `back-${context.name}`);
    await files.get('~/copy', back);
    assert.ok(readFileSync(join(back, 'sub/large')).equals(readFileSync(join(folder, 'source/sub/large'))));
    assert.equal((await files.put(join(folder, 'source'), '~/copy')).fileCount, 0);
    await files.write('~/small', 'text');
    assert.equal(await files.read('~/small'), 'text');
    await assert.rejects(files.write('/etc/passwd', 'x'), { code: 'FILE_DENIED' });
    await assert.rejects(files.read('/etc/shadow'), { code: 'FILE_DENIED' });
    await assert.rejects(files.get('/etc/shadow', join(folder, 'shadow')), { code: 'FILE_DENIED' });
    await assert.rejects(files.put(join(folder, 'source'), '/etc/copy'), { code: 'FILE_DENIED' });
  };

  test('moves files to and from another host', async () => {
    await using context = await ssh(options(near, 'near'));
    await moves(context);
  });

  test('moves files to and from a host behind another one', async () => {
    await using hop = await ssh(options(near, 'hop'));
    await using context = await ssh({ ...options(far, 'end', 'none'), via: hop, ask: async () => PASSWORD });
    await moves(context);
  });

  test('goes on over a new connection when the link was cut', async () => {
    const large = join(folder, 'source/sub/large');
    const cut = await ssh(options(near, 'cut'));
    let isCut = false;
    const onProgress = ({ bytes }: { readonly bytes: number }): void => {
      if (bytes > 5.5 * MIB && !isCut) {
        isCut = true;
        process.kill(cut.info.pid, 'SIGKILL');
      } else if (!isCut) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
    };
    await assert.rejects(cut.files.put(large, '~/again', { onProgress }), { code: 'REMOTE_LOST' });
    await cut.close();
    await using context = await ssh(options(near, 'cut'));
    await sleep(10);
    const { bytes } = await context.files.put(large, '~/again');
    assert.ok(bytes > 0 && bytes < 24 * MIB, String(bytes));
    assert.equal(
      (await context.$({ shell: true })`sha256sum < ~/again`).stdout,
      (await context.$({ shell: true })`sha256sum < ~/copy/sub/large`).stdout,
    );
    assert.equal((await context.$({ shell: true })`ls -A ~ | grep -c '\.part$' || :`).stdout, '0');
  });
});
