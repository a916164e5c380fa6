// Repositories whose lockfile is one of pnpm, and those of managers that are refused.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { REPOSITORY } from '../support/programs.ts';
import type { Client } from './support/client.ts';
import { fine, read, write } from './support/client-files.ts';
import { useWorkshop } from './support/workshop.ts';

const PNPM = path.join(REPOSITORY, 'test/testers/node_modules/pnpm');
const VERSION = '10.34.8';
const INSTALL =
  existsSync(PNPM) || process.env['CI'] === 'true' ? false : 'pnpm is missing; install it with: ./prime --target testPackages';

describe('a lockfile of pnpm', { skip: INSTALL }, () => {
  const workshop = useWorkshop(process.execPath);
  let integrity = '';

  /** A root that depends on `tiny`, a workspace that depends on it too, and a build. */
  function client(packageManager?: string): Client {
    const made = workshop.client();
    rmSync(path.join(made.root, 'package-lock.json'));
    const manifest = { name: 'client', version: '1.0.0', private: true, type: 'module', dependencies: { tiny: '1.0.0' } };
    write(made, 'package.json', packageManager === undefined ? manifest : { ...manifest, packageManager });
    write(made, 'pnpm-workspace.yaml', 'packages:\n  - web\n');
    write(made, 'web/package.json', { name: 'web', version: '1.0.0', dependencies: { tiny: '1.0.0' } });
    const wants = '    dependencies:\n      tiny:\n        specifier: 1.0.0\n        version: 1.0.0\n';
    write(
      made,
      'pnpm-lock.yaml',
      `lockfileVersion: '9.0'\n\nsettings:\n  autoInstallPeers: true\n  excludeLinksFromLockfile: false\n\nimporters:\n\n  .:\n${wants}\n  web:\n${wants}\n` +
        `packages:\n\n  tiny@1.0.0:\n    resolution: {integrity: ${workshop.registry.tiny.integrity}}\n\nsnapshots:\n\n  tiny@1.0.0: {}\n`,
    );
    return made;
  }
  /** The pnpm that the registry serves, as `packageManager` names it. */
  const pinned = (): string => {
    integrity ||= workshop.registry.serveFolder('pnpm', VERSION, PNPM);
    return `pnpm@${VERSION}+sha512.${Buffer.from(integrity.slice('sha512-'.length), 'base64').toString('hex')}`;
  };

  test('is installed by the pnpm that packageManager pins, fetched with its hash, workspaces too; no script of a package runs', async () => {
    const made = client(pinned());
    const first = await made.run('resprout');
    assert.equal(first.code, 0, first.stderr);
    assert.match(first.stdout, /"tiny":42,"built":"one"/);
    assert.match(
      first.stderr,
      /packages: fetching pnpm@10\.34\.8[^]*packages: installing 1 entries[^]*packages: 1 entries of the lockfile/,
    );
    assert.equal(existsSync(path.join(made.root, 'web/node_modules/tiny/index.js')), true);
    assert.deepEqual(
      readdirSync(made.root, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('mark-')),
      [],
    );
    assert.deepEqual(readdirSync(made.home), ['.cache'], 'nothing but the cache is written to the home');
    assert.equal((await made.run('resprout')).stderr, '');
    assert.match((await fine(made, 'doctor')).stdout, /lockfile +of pnpm, 1 packages, each with a hash or of this repository\n/);
    assert.match((await fine(made, 'check')).stdout, /done {2}packages/);

    rmSync(path.join(made.root, 'node_modules/.pnpm/tiny@1.0.0/node_modules/tiny/package.json'));
    assert.match((await fine(made)).stderr, /packages: installing/, 'what is lost is noticed');
    rmSync(path.join(made.root, 'node_modules/tiny'));
    assert.match((await fine(made)).stderr, /packages: installing/, 'a link, too');
    assert.equal((await made.run('resprout')).stdout.includes('"tiny":42'), true);

    const clone = workshop.keep(made.clone());
    for (const name of ['package.json', 'pnpm-workspace.yaml', 'web/package.json', 'pnpm-lock.yaml']) write(clone, name, read(made, name));
    rmSync(path.join(clone.root, 'package-lock.json'));
    await fine(clone, '--offline');

    write(made, 'web/package.json', { name: 'web', version: '1.0.0', dependencies: { tiny: '2.0.0' } });
    const apart = await made.run('prime');
    assert.equal(apart.code, 4);
    assert.match(apart.stderr, /PRIME_INSTALL_FAILED {2}pnpm install failed\n[^]*pnpm-lock\.yaml[^]*OUTDATED_LOCKFILE/);
    assert.match((await made.run('prime', ['check'])).stdout, /todo {2}packages/, 'what failed is not believed');
  });

  test('is installed by the pnpm of the machine where none is pinned, of the version that is named', async () => {
    const made = client(`pnpm@${VERSION}`);
    const none = await made.run('prime');
    assert.equal(none.code, 4);
    assert.match(
      none.stderr,
      /PRIME_NO_NPM {2}no pnpm 10\.34\.8 can be run on this machine, and none is pinned with its hash\n[^]*corepack use pnpm@10/,
    );
    const bin = path.join(made.root, 'bin');
    mkdirSync(bin);
    symlinkSync(path.join(PNPM, 'bin/pnpm.cjs'), path.join(bin, 'pnpm'));
    const env = { PATH: `${made.env['PATH'] ?? ''}:${bin}` };
    assert.equal((await made.run('prime', ['--target', 'packages'], { env })).code, 0);
    write(made, 'package.json', read(made, 'package.json').replace(VERSION, '9.0.0'));
    const other = await made.run('prime', [], { env });
    assert.match(other.stderr, /PRIME_NO_NPM {2}no pnpm 9\.0\.0 [^]*pnpm\.cjs is pnpm 10\.34\.8\n/);
  });

  test('is refused where a package has no hash or comes from elsewhere, and where its pnpm is not the pinned one', async () => {
    const made = client(pinned());
    const lock = read(made, 'pnpm-lock.yaml');
    for (const [resolution, expected] of [
      ['{tarball: https://codeload.example/x.tar.gz}', /tiny@1\.0\.0 has no sha512 integrity, or comes from elsewhere: \{tarball: /],
      ['{directory: ../x, type: directory}', /comes from elsewhere: \{directory: \.\.\/x/],
      ['{integrity: sha1-x}', /comes from elsewhere: \{integrity: sha1-x\}/],
      ['', /comes from elsewhere: \n/],
    ] as const) {
      write(made, 'pnpm-lock.yaml', lock.replace(/\{integrity: .*\}/, resolution));
      const ended = await made.run('prime');
      assert.equal(ended.code, 4);
      assert.match(ended.stderr, expected);
      assert.match(ended.stderr, /PRIME_CONFIG_INVALID[^]*pnpm-lock\.yaml:24\n/);
    }
    write(made, 'pnpm-lock.yaml', lock.replace("'9.0'", '5.4'));
    assert.match((await made.run('prime')).stderr, /not one of pnpm 8 to 11\n.*pnpm-lock\.yaml:1\n/);
    write(made, 'pnpm-lock.yaml', lock);
    write(made, 'package.json', read(made, 'package.json').replace(/sha512\.[0-9a-f]{4}/, 'sha512.0000'));
    assert.match((await made.run('prime')).stderr, /PRIME_INTEGRITY {2}pnpm@10\.34\.8 is not the one whose hash is committed/);
    assert.equal(existsSync(path.join(made.root, 'node_modules')), false);
  });

  test('yarn and bun are refused with a way to go over; with two lockfiles packageManager decides', async () => {
    const made = client(pinned());
    for (const name of ['yarn.lock', 'bun.lock']) {
      rmSync(path.join(made.root, 'pnpm-lock.yaml'), { force: true });
      write(made, name, '');
      const ended = await made.run('prime');
      assert.equal(ended.code, 4);
      assert.match(ended.stderr, new RegExp(`${name.replace('.', '\\.')} is there, which the primer does not read\\n[^]*pnpm import`));
      rmSync(path.join(made.root, name));
    }
    const both = workshop.client();
    const plain = client(pinned());
    write(both, 'pnpm-lock.yaml', read(plain, 'pnpm-lock.yaml'));
    assert.match((await fine(both, '--target', 'packages')).stderr, /npm [^]*packages: 1 entries/);
    assert.equal(existsSync(path.join(both.root, 'node_modules/.pnpm')), false, 'npm, where nobody says otherwise');
    for (const name of ['package.json', 'pnpm-workspace.yaml', 'web/package.json']) write(both, name, read(plain, name));
    await fine(both, '--target', 'packages');
    assert.equal(existsSync(path.join(both.root, 'node_modules/.pnpm/lock.yaml')), true);
  });
});
