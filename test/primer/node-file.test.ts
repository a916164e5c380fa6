// The Node that the launcher takes: what was verified is what runs, and what is not what was stamped is noticed.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { missingNodes, testNode } from '../support/nodes.ts';
import { collect, type Client } from './support/client.ts';
import { npmFolder } from './support/registry.ts';
import { useWorkshop } from './support/workshop.ts';

describe('the launcher', { skip: missingNodes('20.20.2', '24.18.1') }, () => {
  const workshop = useWorkshop(testNode('20.20.2'));
  const client = (): Client => workshop.client();
  const stamped = (made: Client): string => readFileSync(path.join(made.root, '.prime/node'), 'utf8').split('\n')[0] ?? '';
  const script = (file: string, body: string): string => {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
    return file;
  };

  test('heals a Node file that was emptied, cut short or replaced, and says nothing of it afterwards', async () => {
    const made = client();
    assert.equal((await made.run('resprout')).code, 0);
    const file = stamped(made);
    const damages: readonly (() => void)[] = [
      () => writeFileSync(file, ''),
      () => truncateSync(file, 12),
      () => writeFileSync(file, '#!/bin/sh\nexit 0\n'),
      () => {
        // As a power cut leaves it: the old time, and another size.
        const { atimeMs, mtimeMs } = { atimeMs: 1.7e12, mtimeMs: 1.7e12 };
        writeFileSync(file, '');
        utimesSync(file, atimeMs / 1000, mtimeMs / 1000);
      },
    ];
    for (const [n, damage] of damages.entries()) {
      damage();
      const healed = await made.run('resprout');
      assert.equal(healed.code, 0, `${n}: ${healed.stderr}`);
      assert.match(healed.stdout, /"tiny":42/, `${n}`);
      assert.equal((await made.run('resprout')).stderr, '', `${n}`);
    }
  });

  test('reboots without what it replaces', async () => {
    const made = client();
    assert.equal((await made.run('resprout')).code, 0);
    const file = stamped(made);
    writeFileSync(file, '#!/bin/sh\nexit 139\n');
    utimesSync(file, 1.7e9, 1.7e9);
    const ended = await made.run('prime', ['reboot']);
    assert.equal(ended.code, 0, ended.stderr);
    assert.match((await made.run('resprout')).stdout, /"tiny":42/);
  });

  test('takes no program for Node whose file is not called so', async () => {
    const made = client();
    assert.equal((await made.run('resprout')).code, 0);
    writeFileSync(path.join(made.root, '.prime/node'), '/bin/true\n');
    assert.match((await made.run('resprout')).stdout, /"tiny":42/);
  });

  test('goes on with the program behind a shim whose version depends on the folder, from wherever it is called', async () => {
    const made = client();
    const elsewhere = path.join(made.home, 'elsewhere');
    mkdirSync(elsewhere);
    writeFileSync(path.join(elsewhere, '.node-version'), '20.20.2\n');
    const shim = `case $PWD in */elsewhere*) exec '${testNode('20.20.2')}' "$@";; *) exec '${process.execPath}' "$@";; esac`;
    const bin = path.join(made.home, 'shims');
    script(path.join(bin, 'node'), shim);
    symlinkSync(path.join(npmFolder(), 'bin/npm-cli.js'), path.join(bin, 'npm'));
    const env = { PATH: `${bin}:/usr/bin:/bin` };
    const ended = await made.run('resprout', ['x'], { cwd: elsewhere, env });
    assert.equal(ended.code, 0, ended.stderr);
    assert.match(ended.stdout, new RegExp(`"argv":\\["x"\\].*"node":"${process.versions.node}"`));
    assert.notEqual(stamped(made), path.join(bin, 'node'));
  });

  test('hands over once: a stamp whose program is another version each time ends with a reason', async () => {
    const made = client();
    assert.equal((await made.run('resprout')).code, 0);
    const liar = script(
      path.join(made.home, 'liar/node'),
      `case $* in *-p*) exec '${process.execPath}' "$@";; *) exec '${testNode('24.18.1')}' "$@";; esac`,
    );
    const child = spawn(testNode('24.18.1'), [path.join(made.root, 'proto_kernel.cjs'), '@again', 'resprout'], {
      cwd: made.root,
      env: { ...made.env, PATH: `${path.dirname(liar)}:/usr/bin:/bin` },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = await collect(child);
    assert.equal(ended.code, 4);
    assert.match(ended.stderr, /PRIME_NO_NODE {2}what was started as Node \S+ is 24\.18\.1/);
  });

  test('goes past a node that hangs, also one whose child holds the pipe', { timeout: 300_000 }, async () => {
    const made = client();
    const slow = path.join(made.home, 'slow');
    const slower = path.join(made.home, 'slower');
    // A number of its own: other tests have processes that sleep, too.
    const sleep = `sleep 600.${process.pid}`;
    script(path.join(slow, 'node'), `exec ${sleep}`);
    script(path.join(slower, 'node'), `${sleep}\nexit 0`);
    const ended = await made.run('resprout', [], { env: { PATH: `${slow}:${slower}:${made.env['PATH'] ?? ''}` } });
    assert.equal(ended.code, 0, ended.stderr);
    await collect(spawn('pkill', ['-f', `^${sleep.replace('.', String.raw`\.`)}$`], { stdio: 'ignore' }));
  });

  test('finds the npm beside a Node that is not on PATH, and fetches without npm where there is none', async () => {
    const made = client();
    const nvm = path.join(made.home, '.nvm/versions/node/v20.20.2');
    mkdirSync(path.join(nvm, 'bin'), { recursive: true });
    cpSync(testNode('20.20.2'), path.join(nvm, 'bin/node'));
    symlinkSync(path.join(npmFolder(), 'bin/npm-cli.js'), path.join(nvm, 'bin/npm'));
    const managed = await made.run('resprout', [], { env: { PATH: '/usr/bin:/bin', npm_config_registry: workshop.registry.url } });
    assert.equal(managed.code, 0, managed.stderr);

    const poor = client();
    const bin = path.join(poor.home, 'only-node');
    mkdirSync(bin);
    cpSync(testNode('20.20.2'), path.join(bin, 'node'));
    const ended = await poor.run('resprout', [], {
      env: { PATH: `${bin}:${bareTools(poor)}`, npm_config_registry: workshop.registry.url },
    });
    assert.equal(ended.code, 0, ended.stderr);
    assert.match(ended.stderr, /fetching npm@\S+ without npm/);
  });

  test('is found through relative links in its own folder, by name, by path and by sh', async () => {
    const made = client();
    assert.equal((await made.run('resprout')).code, 0);
    const bin = path.join(made.home, 'links');
    mkdirSync(bin);
    symlinkSync(path.relative(bin, path.join(made.root, 'resprout')), path.join(bin, 'first'));
    symlinkSync('first', path.join(bin, 'second'));
    for (const args of [['second'], ['./second'], [path.join(bin, 'second')]]) {
      const ended = await collect(spawn('sh', args, { cwd: bin, env: made.env, stdio: ['ignore', 'pipe', 'pipe'] }));
      assert.match(ended.stdout, /"tiny":42/, `${args.join(' ')}: ${ended.stderr}`);
    }
  });

  /** A folder with what the way without npm needs, and nothing called npm or node. */
  function bareTools(made: Client): string {
    const folder = path.join(made.home, 'tools');
    mkdirSync(folder);
    for (const name of [
      'sh',
      'sed',
      'tr',
      'base64',
      'od',
      'cut',
      'uname',
      'mkdir',
      'mv',
      'rm',
      'sha512sum',
      'curl',
      'sleep',
      'tar',
      'gzip',
      'sync',
      'env',
      'readlink',
    ])
      symlinkSync(`/usr/bin/${name}`, path.join(folder, name));
    return folder;
  }
});
