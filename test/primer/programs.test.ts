// Programs that prepare their repository themselves: `startApp` and `bootEnv`, started by whatever Node there is.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { REPOSITORY } from '../support/programs.ts';
import { missingNodes, testNode } from '../support/nodes.ts';
import { collect, type Client, type Ended } from './support/client.ts';
import { useWorkshop } from './support/workshop.ts';

const PROGRAM = `import tiny from 'tiny';
import { readFileSync } from 'node:fs';
export function deploy(): number {
  const ours = Object.keys(process.env).filter((name) => name.startsWith('PRIME_') || name === 'NODE_OPTIONS');
  const input = process.argv.includes('--read') ? readFileSync(0, 'utf8') : '';
  console.log(JSON.stringify({ argv: process.argv.slice(2), script: process.argv[1], tiny, ours, input, node: process.versions.node, cwd: process.cwd(), pid: process.pid }));
  return Number(process.argv[2]);
}
export const breaks = (): never => { throw new RangeError('of the program'); };
export default async (): Promise<void> => console.log('default');
`;

const entry = (
  call: string,
): string => `require('fs').appendFileSync(__dirname + '/hops.log', JSON.stringify(process.argv.slice(1)) + '\\n');
const prime = require('./proto_kernel.cjs');
${call}
`;

describe('a program of the repository', { skip: missingNodes('12.22.12', '20.20.2', '24.18.1') }, () => {
  const workshop = useWorkshop(process.execPath);

  function client(scripts: Readonly<Record<string, string>>): Client {
    const made = workshop.client(testNode('20.20.2'), [process.execPath]);
    writeFileSync(path.join(made.root, 'src/deploy.ts'), PROGRAM);
    for (const [name, call] of Object.entries(scripts)) writeFileSync(path.join(made.root, name), entry(call));
    return made;
  }

  /** `node SCRIPT ARGS…` from another folder, with an input. */
  function run(
    made: Client,
    node: string,
    script: string,
    args: readonly string[] = [],
    env: Readonly<Record<string, string>> = {},
  ): Promise<Ended> {
    const child = spawn(node, [path.join(made.root, script), ...args], {
      cwd: '/',
      env: { ...made.env, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end('typed before\n');
    return collect(child);
  }

  test('startApp from a bare clone runs it in the required Node with all of its arguments, whatever Node starts it', async () => {
    const made = client({ 'deploy.cjs': "prime.startApp('src/deploy.ts:deploy');" });
    for (const version of ['12.22.12', '20.20.2', '24.18.1'] as const) {
      const args = ['7', '--quiet', '--target', '-- x', '--read', version];
      const ended = await run(made, testNode(version), 'deploy.cjs', args, {
        PRIME_OFFLINE: '0',
        PRIME_VERBOSE: '0',
        NODE_OPTIONS: '--no-warnings',
      });
      assert.equal(ended.code, 7, ended.stderr);
      const { pid, ...seen } = JSON.parse(ended.stdout) as Record<string, unknown>;
      assert.deepEqual(seen, {
        argv: args,
        script: path.join(made.root, 'deploy.cjs'),
        tiny: 42,
        ours: [],
        input: 'typed before\n',
        node: process.versions.node,
        cwd: '/',
      });
      if (version === '24.18.1') assert.equal(pid, ended.pid, 'this Node can replace itself');
      const hops = readFileSync(path.join(made.root, 'hops.log'), 'utf8').trim().split('\n').slice(-2);
      for (const hop of hops) assert.deepEqual(JSON.parse(hop), [path.join(made.root, 'deploy.cjs'), ...args], 'the same in every hop');
    }
  });

  test('startApp: an error of the program is the program’s, a missing main is PRIME_NO_MAIN', async () => {
    const made = client({
      'breaks.cjs': "prime.startApp('src/deploy.ts:breaks');",
      'default.cjs': "prime.startApp('src/deploy.ts').then(() => console.log('after'));",
      'file.cjs': "prime.startApp('src/none.ts');",
      'export.cjs': "prime.startApp('src/deploy.ts:none');",
      'state.cjs': "prime.startApp('src/deploy.ts', { target: 'bilt' });",
    });
    const breaks = await run(made, process.execPath, 'breaks.cjs');
    assert.equal(breaks.code, 1);
    assert.match(breaks.stderr, /RangeError: of the program\n {4}at breaks .*src\/deploy\.ts:9/);
    assert.equal((await run(made, process.execPath, 'default.cjs')).stdout, 'default\nafter\n');
    const file = await run(made, process.execPath, 'file.cjs');
    assert.equal(file.code, 4);
    assert.match(file.stderr, /PRIME_NO_MAIN {2}there is no src\/none\.ts in /);
    assert.match(
      (await run(made, process.execPath, 'export.cjs')).stderr,
      /PRIME_NO_MAIN {2}.* exports no function none\n[^]*breaks, default, deploy/,
    );
    const state = await run(made, testNode('12.22.12'), 'state.cjs');
    assert.equal(state.code, 2);
    assert.match(state.stderr, /PRIME_NO_STATE .*\n[^]*Did you mean built\?/);
  });

  test('bootEnv understands the options of the primer and its own in every hop, and hands over what it understood', async () => {
    const made = client({
      'boot.cjs': "prime.bootEnv('src/boot.mjs:boot', { target: 'node', options: { region: 'text', force: 'flag' } });",
    });
    writeFileSync(
      path.join(made.root, 'src/boot.mjs'),
      `import { parsePrimeArgs, getConfig } from ${JSON.stringify(path.join(REPOSITORY, 'dist/primer.js'))};
import assert from 'node:assert';
import { existsSync } from 'node:fs';
export function boot(args) {
  assert.deepEqual(parsePrimeArgs(undefined, { region: 'text', force: 'flag' }), args);
  const { root, node, target, apps, states } = getConfig();
  console.log(JSON.stringify({ args, root, node, target, app: apps.resprout.main, states, modules: existsSync(root + '/node_modules') }));
}
`,
    );
    const plain = { help: false, offline: false, quiet: false, verbose: false };
    const first = await run(made, testNode('12.22.12'), 'boot.cjs', ['--region', 'eu', '--', 'x']);
    assert.equal(first.code, 0, first.stderr);
    assert.deepEqual(JSON.parse(first.stdout), {
      args: { ...plain, values: { region: 'eu', force: false }, rest: ['x'] },
      root: made.root,
      node: process.versions.node,
      target: 'built',
      app: 'out/main.mjs',
      states: null,
      modules: false,
    });
    const second = await run(made, process.execPath, 'boot.cjs', ['--target', 'built', '--quiet', '--force']);
    assert.equal(second.stderr, '', 'quiet reaches the preparing');
    assert.match(second.stdout, /"quiet":true.*"target":"built".*"force":true.*"modules":true/);
    assert.equal(existsSync(path.join(made.root, 'out/main.mjs')), true);
    const unknown = await run(made, testNode('12.22.12'), 'boot.cjs', ['--regoin', 'eu']);
    assert.equal(unknown.code, 2);
    assert.match(unknown.stderr, /PRIME_USAGE {2}unknown argument --regoin\n.*Did you mean --region\?/);
    assert.match(
      (await run(made, testNode('12.22.12'), 'boot.cjs', ['--help'])).stdout,
      /^Usage: boot\.cjs [^]*--region VALUE [^]*--offline/,
    );
  });

  test('resprout/primer finds the kernel of the program’s folder or above, and says when there is none', async () => {
    const made = client({});
    const script = `import { getConfig, startApp } from ${JSON.stringify(path.join(REPOSITORY, 'dist/primer.js'))};
process.stdout.write(getConfig().root + '\\n');
await startApp('src/deploy.ts');
`;
    writeFileSync(path.join(made.root, 'src/finds.mjs'), script);
    assert.equal((await run(made, process.execPath, 'src/finds.mjs')).stdout, `${made.root}\ndefault\n`);
    writeFileSync(path.join(made.home, 'lost.mjs'), script);
    const child = spawn(process.execPath, [path.join(made.home, 'lost.mjs')], { env: { ...made.env }, stdio: ['ignore', 'pipe', 'pipe'] });
    const lost = await collect(child);
    assert.equal(lost.code, 1);
    assert.match(lost.stderr, /no proto_kernel\.cjs in .* or above: npx resprout prime init writes it[^]*code: 'PRIME_NO_KERNEL'/);
  });
});
