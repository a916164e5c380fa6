// Where settings come from: beside the kernel, in a folder that it serves, in the environment that a link selects.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { missingNodes, testNode } from '../support/nodes.ts';
import { collect, type Client, type Ended } from './support/client.ts';
import { useWorkshop } from './support/workshop.ts';

const SEES = `import { getConfig } from '../proto_kernel.cjs';
const { environment, values, node } = getConfig();
console.log(JSON.stringify({ environment: environment?.name ?? null, values, node, seen: process.env.PRIME_ENV ?? null }));
`;

describe('leaps of the configuration', { skip: missingNodes('20.20.2') }, () => {
  const workshop = useWorkshop(process.execPath);
  const write = (made: Client, name: string, value: string | object): void => {
    mkdirSync(path.dirname(path.join(made.root, name)), { recursive: true });
    writeFileSync(path.join(made.root, name), typeof value === 'string' ? value : JSON.stringify(value, null, 2));
  };
  const read = (made: Client, name: string): string => readFileSync(path.join(made.root, name), 'utf8');
  const merge = (made: Client, more: object): void =>
    write(made, 'prime.config.json', { ...(JSON.parse(read(made, 'prime.config.json')) as object), ...more });
  const fine = async (made: Client, ...args: readonly string[]): Promise<Ended> => {
    const ended = await made.run('prime', args);
    assert.equal(ended.code, 0, ended.stderr);
    return ended;
  };

  /** A project with two environments, which nothing has to be built for. */
  function client(environments: object, wild?: string): Client {
    const made = workshop.client(wild);
    merge(made, {
      environments,
      target: 'packages',
      values: { region: 'nowhere', size: 1 },
      tasks: { sees: { main: 'tools/sees.mjs', target: 'packages', does: 'x' } },
    });
    write(made, 'tools/sees.mjs', SEES);
    write(made, 'envs/common/prime.config.json', { values: { region: 'here' } });
    write(made, 'envs/special/prime.config.json', { values: { region: 'there' } });
    return made;
  }
  const sees = async (made: Client, env: Readonly<Record<string, string>> = {}): Promise<Record<string, unknown>> => {
    const ended = await made.run('prime', ['sees'], { env });
    assert.equal(ended.code, 0, ended.stderr);
    return JSON.parse(ended.stdout) as Record<string, unknown>;
  };
  const linkOf = (made: Client): string => readlinkSync(path.join(made.root, '.prime/env'));

  test('--env NAME re-points the link; without it a link and a default that disagree end a boot, and a task follows the link', async () => {
    const made = client({ folder: 'envs', default: 'common' }, testNode('20.20.2'));
    await fine(made);
    assert.equal(linkOf(made), '../envs/common');
    const seen = { values: { region: 'here', size: 1 }, node: process.versions.node, seen: null };
    assert.deepEqual(await sees(made), { environment: 'common', ...seen });
    const other = await fine(made, '--env', 'special');
    assert.equal(other.stderr, '', 'what is installed does not depend on it');
    assert.equal(linkOf(made), '../envs/special');
    assert.deepEqual(await sees(made), { environment: 'special', ...seen, values: { region: 'there', size: 1 } });

    const conflict = await made.run('prime');
    assert.equal(conflict.code, 4);
    assert.match(
      conflict.stderr,
      /PRIME_ENVIRONMENT {2}\.prime\/env says special, and the configuration common\n.*\.prime\/env\n[^]*\.\/prime --env common/,
    );
    assert.equal(linkOf(made), '../envs/special');
    assert.equal((await made.run('prime', ['check'])).code, 0, 'looking is no boot');
    merge(made, { environments: { folder: 'envs', default: 'special' } });
    await fine(made);
    merge(made, { environments: { folder: 'envs' } });
    await fine(made);
    assert.equal((await sees(made))['environment'], 'special', 'a link without a default stays');
    rmSync(path.join(made.root, '.prime/env'));
    await fine(made);
    assert.equal((await sees(made))['environment'], null);
    assert.deepEqual(await sees(made, { PRIME_ENV: 'common' }), { environment: 'common', ...seen }, 'programs find it by the link');
    assert.equal(linkOf(made), '../envs/common');
  });

  test('an environment is named, or a path from the root, from here or absolute; what cannot be one is refused', async () => {
    const made = client({ folder: 'envs', link: 'here/env' });
    await fine(made, '--env', 'common');
    assert.equal(readlinkSync(path.join(made.root, 'here/env')), '../envs/common');
    for (const [place, cwd] of [
      ['envs/special', made.root],
      ['special', path.join(made.root, 'envs')],
      [path.join(made.root, 'envs/special'), '/'],
    ] as const) {
      assert.equal((await made.run('prime', ['--env=common'])).code, 0);
      const ended = await made.run('prime', ['--env', place], { cwd });
      assert.equal(ended.code, 0, ended.stderr);
      assert.equal(readlinkSync(path.join(made.root, 'here/env')), '../envs/special');
    }
    for (const [args, code, expected] of [
      [
        ['--env', 'speciall'],
        2,
        /PRIME_USAGE {2}there is no environment speciall\n.*environments: common, special\n.*Did you mean special\?/,
      ],
      [['--env', 'package.json'], 2, /package\.json is no folder/],
      [['--env', '/tmp'], 2, /\/tmp lies outside of /],
      [['--env'], 2, /--env needs the name/],
    ] as const) {
      const ended = await made.run('prime', args);
      assert.equal(ended.code, code, ended.stderr);
      assert.match(ended.stderr, expected);
    }
    renameSync(path.join(made.root, 'envs/special'), path.join(made.root, 'envs/gone'));
    assert.match((await made.run('prime')).stderr, /PRIME_ENVIRONMENT {2}here\/env leads to envs\/special, which is no folder/);
    await fine(made, '--env', 'gone');
    rmSync(path.join(made.root, 'here/env'));
    symlinkSync('/tmp', path.join(made.root, 'here/env'));
    assert.match((await made.run('prime')).stderr, /here\/env leads out of the folder, to \/tmp\n/);
    rmSync(path.join(made.root, 'here/env'));
    mkdirSync(path.join(made.root, 'here/env'));
    for (const args of [[], ['--env', 'common']]) {
      const ended = await made.run('prime', args);
      assert.deepEqual([ended.code, /PRIME_ENVIRONMENT {2}here\/env is no link\n/.test(ended.stderr)], [4, true], ended.stderr);
    }
    assert.equal(lstatSync(path.join(made.root, 'here/env')).isDirectory(), true);
    const none = workshop.client();
    assert.match((await none.run('prime', ['--env', 'x'])).stderr, /PRIME_USAGE {2}environment x is asked for, and this folder has none/);
  });

  test('settings of an environment win, each as a whole; messages name its file and line; its Node is its own', async () => {
    const made = client({ folder: 'envs', default: 'special' });
    write(made, 'envs/special/prime.config.json', {
      values: { region: 'there' },
      target: 'node',
      tasks: { hello: { main: 'tools/sees.mjs', target: 'node', does: 'greets' } },
    });
    assert.match((await fine(made, 'hello')).stdout, /"region":"there"/);
    assert.equal(existsSync(path.join(made.root, 'node_modules')), false, 'its target asks for no packages');
    assert.equal((await made.run('prime', ['sees'])).code, 2, 'tasks win as a whole');
    assert.equal((await made.run('prime', ['sees', '--env', 'common'])).code, 2, 'what stands after a task is its own');
    assert.equal(
      (await made.run('prime', ['--env', 'common', 'sees'])).code,
      2,
      'the words of a line are those of the configuration before',
    );
    write(made, 'envs/special/prime.config.json', '{\n  "values": {},\n  "environments": { "folder": "x" }\n}\n');
    const key = await made.run('prime');
    assert.match(key.stderr, /PRIME_CONFIG_INVALID {2}environments is not a known key\n.*envs\/special\/prime\.config\.json:3\n/);
    write(made, 'envs/special/prime.config.json', '{\n  "values": 5\n}\n');
    assert.match((await made.run('prime')).stderr, /values is not an object\n.*envs\/special\/prime\.config\.json:2\n/);
    write(made, 'envs/special/prime.config.json', {});
    write(made, 'envs/special/.node-version', '99.1.0\n');
    assert.match((await made.run('prime', ['check', '--target', 'node'])).stdout, /todo {2}node +Node 99\.1\.0 has to be fetched/);
  });

  test('eval prints every leap with the source of each value, and changes nothing', async () => {
    const made = client({ folder: 'envs', default: 'special' }, testNode('20.20.2'));
    interface Report {
      readonly leaps: {
        readonly input: { readonly environment: object };
        readonly files: readonly { readonly leap: string; readonly file: string; readonly isThere: boolean; readonly says: object }[];
        readonly environment: { readonly selected: object; readonly link: string; readonly conflict: string | null };
        readonly derived: readonly { readonly name: string; readonly value: unknown; readonly from: string }[];
      };
    }
    const report = async (...args: readonly string[]): Promise<Report['leaps']> =>
      (JSON.parse((await made.run('prime', ['eval', ...args], { env: { PRIME_OFFLINE: '1' } })).stdout) as Report).leaps;
    const before = readdirSync(made.root);
    const { input, files, environment, derived } = await report();
    assert.deepEqual(input.environment, { PRIME_OFFLINE: '1' });
    assert.deepEqual(
      files.map(({ leap, file, isThere }) => [leap, path.relative(made.root, file), isThere]),
      [
        ['primer', 'prime.config.json', true],
        ['client', 'prime.config.json', true],
        ['environment', 'envs/special/prime.config.json', true],
      ],
    );
    assert.deepEqual(environment, {
      selected: { folder: 'envs/special', name: 'special', from: 'default' },
      link: path.join(made.root, '.prime/env'),
      conflict: null,
    });
    const valueOf = (name: string): unknown => {
      const found = derived.find((one) => one.name === name);
      return [found?.value, path.relative(made.root, found?.from ?? '').replace(/:\d+$/, ':N')];
    };
    assert.deepEqual(valueOf('values'), [{ region: 'there', size: 1 }, 'envs/special/prime.config.json:N']);
    assert.deepEqual(valueOf('target'), ['packages', 'prime.config.json:N']);
    assert.deepEqual(
      derived.find(({ name }) => name === 'update'),
      { name: 'update', value: true, from: 'default' },
    );
    assert.equal((await report('--env', 'common')).files[2]?.file, path.join(made.root, 'envs/common/prime.config.json'));
    assert.deepEqual([readdirSync(made.root), readdirSync(made.home)], [before, []]);
  });

  test('a kernel serves a folder below its own: a ./prime there, with packages, states and stamps of its own, and what it shares', async () => {
    const made = workshop.client(testNode('20.20.2'));
    const web = (name: string): string => path.join(made.root, 'apps/web', name);
    for (const name of ['package.json', 'package-lock.json']) write(made, `apps/web/${name}`, read(made, name));
    write(made, 'apps/web/prime.config.json', {
      built: { run: [['build.mjs']], sources: ['build.mjs'], outputs: ['out/web.mjs'], clean: ['out'] },
      apps: { web: { main: 'out/web.mjs', target: 'built', does: 'the web' } },
    });
    write(made, 'apps/web/build.mjs', "import fs from 'node:fs'; fs.mkdirSync('out'); fs.copyFileSync('web.mjs', 'out/web.mjs');\n");
    write(made, 'apps/web/web.mjs', "import tiny from 'tiny'; console.log(tiny, process.versions.node, ...process.argv.slice(2));\n");
    write(
      made,
      'apps/web/prime.states.mjs',
      `import { defineState, proto } from '../../proto_kernel.cjs';
      export const states = [defineState('late', { does: 'x', parents: [proto.built], reach: (context) => context.say('in ' + context.root) })];`,
    );
    assert.equal((await fine(made, 'folder', 'apps/web/')).stdout, 'wrote apps/web/prime\n');
    assert.match((await fine(made, 'folder', 'apps/web')).stdout, /nothing to do/);
    rmSync(path.join(made.root, '.prime'), { recursive: true, force: true });
    const run = (file: string, args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Promise<Ended> =>
      collect(spawn(file, args, { cwd: made.home, env: { ...made.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] }));
    const first = await run(web('prime'), ['--target', 'late']);
    assert.equal(first.code, 0, first.stderr);
    assert.match(first.stderr, /node \S+: fetching node-test@[^]*npm [^]*packages: 1 entries[^]*built: [^]*late: in \S+\/apps\/web\n/);
    assert.equal(existsSync(path.join(made.root, 'node_modules')), false, 'the other folder is left alone');
    assert.equal(existsSync(path.join(made.root, '.prime')), false);
    assert.equal((await run(web('prime'))).stderr, '');
    assert.equal((await run(web('prime'), ['entry', 'bin/web'])).code, 1 + 3, 'no folder bin');
    mkdirSync(web('bin'));
    assert.equal((await run(web('prime'), ['entry', 'bin/web'])).code, 0);
    const app = await run(web('bin/web'), ['a', '@x']);
    assert.deepEqual([app.code, app.stdout, app.stderr], [0, `42 ${process.versions.node} a @x\n`, '']);
    assert.equal((await run(web('prime'), ['reboot'])).code, 0);
    write(made, 'apps/web/start.cjs', "require('../../proto_kernel.cjs').startApp('web.mjs:main', { folder: 'apps/web' });\n");
    write(made, 'apps/web/web.mjs', "import tiny from 'tiny'; export const main = () => { console.log('started', tiny); return 6; };\n");
    const started = await run(process.execPath, [web('start.cjs')]);
    assert.deepEqual([started.code, started.stdout], [6, 'started 42\n'], started.stderr);
    // A version file of its own wins over that of the folder above.
    write(made, 'apps/web/.nvmrc', '98\n');
    assert.match((await run(web('prime'), ['check', '--target', 'node'])).stdout, /todo {2}node +Node 98 has to be fetched/);
    write(made, 'apps/web/prime.config.json', { update: false });
    const refused = await run(web('prime'));
    assert.match(refused.stderr, /update is not a known key\n.*apps\/web\/prime\.config\.json:2\n/);
    for (const folder of ['..', '.', 'nowhere', '/tmp']) assert.equal((await made.run('prime', ['folder', folder])).code, 2, folder);
  });

  test('a served folder is prepared on a machine without Node and npm, with the pins of the kernel’s folder', async () => {
    const made = workshop.client();
    for (const name of ['package.json', 'package-lock.json']) write(made, `web/${name}`, read(made, name));
    await fine(made, 'folder', 'web');
    rmSync(path.join(made.root, '.prime'), { recursive: true, force: true });
    rmSync(path.join(made.home, '.cache'), { recursive: true, force: true });
    const bare = path.join(made.root, 'bare');
    mkdirSync(bare);
    for (const name of [
      'base64',
      'cut',
      'gzip',
      'mkdir',
      'mv',
      'od',
      'readlink',
      'rm',
      'sed',
      'sh',
      'sha512sum',
      'tar',
      'tr',
      'uname',
      'env',
      'curl',
    ])
      symlinkSync(path.join('/usr/bin', name), path.join(bare, name));
    const env = { ...made.env, PATH: bare, npm_config_registry: workshop.registry.url };
    const ended = await collect(spawn(path.join(made.root, 'web/prime'), [], { env, stdio: ['ignore', 'pipe', 'pipe'] }));
    assert.equal(ended.code, 0, ended.stderr);
    assert.match(ended.stderr, /fetching node-test@\S+ without npm\n/);
    assert.equal(existsSync(path.join(made.root, 'web/node_modules/tiny/index.js')), true);
    assert.equal(existsSync(path.join(made.root, '.prime')), false);
  });
});
