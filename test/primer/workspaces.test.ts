// Repositories whose lockfile takes packages from the repository itself: npm workspaces, folders and tarballs by `file:`.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readlinkSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import type { Client } from './support/client.ts';
import { fine, read, write } from './support/client-files.ts';
import { useWorkshop } from './support/workshop.ts';

describe('packages of the repository itself', () => {
  const workshop = useWorkshop(process.execPath);
  let second = '';

  /** Two workspaces, of which `b` needs another `tiny` than the root, a folder and a tarball by `file:`. */
  function monorepo(): Client {
    const made = workshop.client();
    const { tiny } = workshop.registry;
    second ||= workshop.registry.publish('2.0.0');
    const root = {
      name: 'mono',
      private: true,
      workspaces: ['packages/*'],
      dependencies: { tiny: '1.0.0', c: 'file:libs/c', t: 'file:libs/t-1.0.0.tgz' },
    };
    const a = { name: 'a', version: '1.0.0', dependencies: { b: '*' }, bin: { 'a-tool': 'bin/a.js' } };
    const b = { name: 'b', version: '1.0.0', main: 'b.js', dependencies: { tiny: '2.0.0' } };
    write(made, 'package.json', root);
    write(made, 'packages/a/package.json', a);
    write(made, 'packages/a/bin/a.js', "#!/usr/bin/env node\nconsole.log('a-tool', require('b'), require('c'), require('t'));\n");
    write(made, 'packages/b/package.json', b);
    write(made, 'packages/b/b.js', "module.exports = require('tiny/package.json').version;\n");
    write(made, 'libs/c/package.json', { name: 'c', version: '1.0.0', main: 'c.js' });
    write(made, 'libs/c/c.js', "module.exports = 'c';\n");
    write(made, 'libs/package/package.json', { name: 't', version: '1.0.0', main: 't.js' });
    write(made, 'libs/package/t.js', "module.exports = 't';\n");
    assert.equal(spawnSync('tar', ['-czf', 't-1.0.0.tgz', 'package'], { cwd: path.join(made.root, 'libs') }).status, 0);
    const tarball = readFileSync(path.join(made.root, 'libs/t-1.0.0.tgz'));
    write(made, 'package-lock.json', {
      name: 'mono',
      lockfileVersion: 3,
      packages: {
        '': root,
        'libs/c': { version: '1.0.0' },
        'node_modules/a': { resolved: 'packages/a', link: true },
        'node_modules/b': { resolved: 'packages/b', link: true },
        'node_modules/c': { resolved: 'libs/c', link: true },
        'node_modules/t': {
          version: '1.0.0',
          resolved: 'file:libs/t-1.0.0.tgz',
          integrity: `sha512-${createHash('sha512').update(tarball).digest('base64')}`,
        },
        'node_modules/tiny': { version: '1.0.0', integrity: tiny.integrity, hasInstallScript: true },
        'packages/a': { version: '1.0.0', dependencies: a.dependencies, bin: a.bin },
        'packages/b': { version: '1.0.0', dependencies: b.dependencies },
        'packages/b/node_modules/tiny': { version: '2.0.0', integrity: second, hasInstallScript: true },
      },
    });
    const { built: _, apps: __, ...config } = JSON.parse(read(made, 'prime.config.json')) as Record<string, unknown>;
    write(made, 'prime.config.json', config);
    return made;
  }

  test('workspaces are linked, with their own versions and programs, from a bare clone; nothing of them is changed', async () => {
    const made = monorepo();
    const first = await fine(made);
    assert.match(first.stderr, /packages: 9 entries of the lockfile/);
    for (const [name, folder] of [
      ['a', 'packages/a'],
      ['b', 'packages/b'],
      ['c', 'libs/c'],
    ] as const) {
      assert.equal(readlinkSync(path.join(made.root, 'node_modules', name)), `../${folder}`);
      assert.equal(realpathSync(path.join(made.root, 'node_modules', name)), realpathSync(path.join(made.root, folder)));
    }
    const tool = await made.run('prime', ['shell', '-c', 'a-tool']);
    assert.deepEqual([tool.code, tool.stdout], [0, 'a-tool 2.0.0 c t\n'], tool.stderr);
    assert.notEqual(statSync(path.join(made.root, 'packages/a/bin/a.js')).mode & 0o111, 0);
    assert.match(read(made, 'packages/a/bin/a.js'), /a-tool/, 'what stood in its place for npm did not get here');
    assert.deepEqual([(await fine(made)).stderr, (await fine(made, 'doctor')).code], ['', 0]);
  });

  test('what is lost or changes is noticed: a link, a package in a workspace, a manifest, one that is no longer there', async () => {
    const made = monorepo();
    await fine(made);
    const installs = async (why: string): Promise<void> => {
      assert.match((await fine(made)).stderr, /packages: installing/, why);
      assert.equal((await fine(made)).stderr, '', why);
    };
    rmSync(path.join(made.root, 'node_modules/c'));
    await installs('a link');
    rmSync(path.join(made.root, 'packages/b/node_modules'), { recursive: true });
    await installs('a package in a workspace');
    write(made, 'packages/b/b.js', "module.exports = 'edited';\n");
    assert.equal((await fine(made)).stderr, '', 'its files are the developer’s own');
    write(made, 'packages/a/node_modules/mine/package.json', '{}');
    const lock = JSON.parse(read(made, 'package-lock.json')) as { packages: Record<string, Record<string, unknown>> };
    delete lock.packages['packages/b/node_modules/tiny'];
    Object.assign(lock.packages['packages/b'] ?? {}, { dependencies: { tiny: '1.0.0' } });
    write(made, 'package-lock.json', lock);
    write(made, 'packages/b/package.json', { name: 'b', version: '1.0.0', main: 'b.js', dependencies: { tiny: '1.0.0' } });
    await installs('manifest and lockfile');
    assert.equal(existsSync(path.join(made.root, 'packages/b/node_modules')), false, 'what an earlier install left goes');
    assert.equal(existsSync(path.join(made.root, 'packages/a/node_modules/mine')), true, 'what somebody else put there stays');
    write(made, 'packages/b/package.json', { name: 'b', version: '1.0.0', main: 'b.js', dependencies: { tiny: '2.0.0' } });
    const apart = await made.run('prime');
    assert.equal(apart.code, 4);
    assert.match(apart.stderr, /PRIME_INSTALL_FAILED {2}npm ci failed\n[^]*tiny@2\.0\.0/, 'a manifest that the lockfile does not know');
  });

  test('a tarball that is not the one of the lockfile, and a link that leads out, are refused', async () => {
    const made = monorepo();
    const lock = read(made, 'package-lock.json');
    write(made, 'package-lock.json', lock.replace('"resolved": "packages/a"', '"resolved": "../a"'));
    const out = await made.run('prime');
    assert.equal(out.code, 4);
    assert.match(
      out.stderr,
      /PRIME_CONFIG_INVALID .*node_modules\/a links to "\.\.\/a", which is not below the folder\n.*package-lock\.json:\d+\n/,
    );
    write(made, 'package-lock.json', lock);
    writeFileSync(
      path.join(made.root, 'libs/t-1.0.0.tgz'),
      Buffer.concat([readFileSync(path.join(made.root, 'libs/t-1.0.0.tgz')), Buffer.from('x')]),
    );
    const other = await made.run('prime');
    assert.match(other.stderr, /PRIME_INSTALL_FAILED[^]*EINTEGRITY/);
    assert.equal(existsSync(path.join(made.root, 'node_modules')), false);
  });
});
