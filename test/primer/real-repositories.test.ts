// Repositories that nobody here wrote adopt the primer by the documented steps: two files, one command, their own tests.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { REPOSITORY } from '../support/programs.ts';
import { missingNodes, testNode } from '../support/nodes.ts';
import { collect, type Ended } from './support/client.ts';
import { npmFolder, startRegistry, type TestRegistry } from './support/registry.ts';

const PUBLISHED = path.join(REPOSITORY, 'test/packages/node_modules');

/** Sources as they were published, with their own tests, and what these say when they pass. */
const repositories: Readonly<Record<string, RegExp>> = {
  'abstract-logging': /> node test\.js\n/,
  tsscmp: /Success: all tests complete\.\n/,
  'json-with-bigint': /Deep nested test passed\n/,
};
const missing = Object.keys(repositories).filter((name) => !existsSync(path.join(PUBLISHED, name, 'package.json')));
const skip =
  missingNodes('20.20.2') ||
  (missing.length > 0 && process.env['CI'] !== 'true'
    ? `${missing.join(', ')} missing; install with: ./prime --target testPackages`
    : false);

describe('a repository of others', { skip }, () => {
  let registry: TestRegistry;
  const work = mkdtempSync(path.join(tmpdir(), 'real-'));
  let env: Readonly<Record<string, string>> = {};
  before(async () => {
    registry = await startRegistry();
    const bin = path.join(work, 'bin');
    for (const folder of [bin, path.join(work, 'home')]) mkdirSync(folder);
    symlinkSync(testNode('20.20.2'), path.join(bin, 'node'));
    symlinkSync(path.join(npmFolder(), 'bin/npm-cli.js'), path.join(bin, 'npm'));
    writeFileSync(path.join(work, 'npmrc'), `registry=${registry.url}\n`);
    env = {
      PATH: `${bin}:/usr/bin:/bin`,
      HOME: path.join(work, 'home'),
      LANG: 'C.UTF-8',
      SHELL: '/bin/bash',
      GIT_CONFIG_NOSYSTEM: '1',
      npm_config_globalconfig: path.join(work, 'npmrc'),
    };
  });
  after(async () => {
    rmSync(work, { recursive: true, force: true });
    await registry.close();
  });

  const run = async (cwd: string, file: string, ...args: readonly string[]): Promise<Ended> => {
    const ended = await collect(spawn(file, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] }));
    assert.equal(ended.code, 0, `${file} ${args.join(' ')}: ${ended.stdout}${ended.stderr}`);
    return ended;
  };

  /** The steps of docs/adopt.md; then its own tests, with the Node and the packages of the folder. */
  async function adopts(root: string, expected: RegExp): Promise<void> {
    await run(root, 'git', 'init', '-q');
    await run(root, 'git', '-c', 'user.name=a', '-c', 'user.email=a@b', 'add', '-A');
    await run(root, 'git', '-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-q', '-m', 'as it was');
    await run(root, process.execPath, path.join(REPOSITORY, 'dist/cli/main.js'), 'prime', 'init');
    await run(root, './prime');
    assert.match((await run(root, './prime', 'shell', '-c', 'npm test')).stdout, expected);
    assert.equal((await run(root, './prime')).stderr, '', 'and nothing is left to do');
    assert.match((await run(root, './prime', 'doctor')).stdout, /nothing that a start would fail on/);
    const changed = (await run(root, 'git', 'status', '--porcelain')).stdout;
    assert.equal(changed, '?? prime\n?? proto_kernel.cjs\n', 'two files, and no other');
  }

  for (const [name, expected] of Object.entries(repositories))
    test(`${name}, as it was published, boots and passes its own tests`, async () => {
      const root = path.join(work, name);
      cpSync(path.join(PUBLISHED, name), root, { recursive: true });
      await adopts(root, expected);
    });

  test('one that npm init and npm install made boots with what its lockfile says, and passes its own tests', async () => {
    const root = path.join(work, 'made-by-npm');
    mkdirSync(root);
    await run(root, 'npm', 'init', '-y');
    // The registry of tests speaks http, and addresses of that kind are refused: the lockfile goes without.
    await run(root, 'npm', 'config', 'set', 'omit-lockfile-registry-resolved', 'true', '--location=project');
    await run(root, 'npm', 'install', 'tiny@1.0.0', '--package-lock-only', '--no-audit', '--no-fund');
    await run(root, 'npm', 'pkg', 'set', 'scripts.test=node -p "require(\'tiny\')"');
    writeFileSync(path.join(root, '.gitignore'), 'node_modules\n');
    await adopts(root, /\n42\n/);
  });
});
