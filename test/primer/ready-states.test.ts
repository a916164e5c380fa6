// Ready-made states: each from a bare clone, as it is, wrapped or replaced, and what it leaves alone.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
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
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, test } from 'node:test';
import { REPOSITORY } from '../support/programs.ts';
import { missingNodes } from '../support/nodes.ts';
import { collect, type Client, type Ended } from './support/client.ts';
import { useWorkshop } from './support/workshop.ts';

const HEAD = `import * as ready from './proto_kernel.cjs';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
const { defineState, proto, replaceState, wrapState } = ready;
`;

const TOKEN = 's3cret-of-the-registry';

/** A registry in front of another one, which answers only who has the token. */
async function privateRegistry(behind: string): Promise<AsyncDisposable & { readonly url: string; readonly seen: string[] }> {
  const seen: string[] = [];
  const server = createServer((asked, answer) => {
    const isKnown = asked.headers.authorization === `Bearer ${TOKEN}`;
    seen.push(`${isKnown ? 'known' : 'unknown'} ${asked.url ?? ''}`);
    if (!isKnown) return answer.writeHead(401).end('{}');
    const forwarded = request(new URL(asked.url ?? '', behind), { headers: { ...asked.headers } }, (got) => {
      answer.writeHead(got.statusCode ?? 500, got.headers);
      got.pipe(answer);
    });
    return forwarded.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    // A TCP server's address is always of this kind.
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    seen,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe('ready-made states', { skip: missingNodes('20.20.2') }, () => {
  const workshop = useWorkshop(process.execPath);

  function client(body: string, states?: object): Client {
    const made = workshop.client();
    write(made, 'prime.states.ts', HEAD + body);
    if (states !== undefined) {
      const config = JSON.parse(read(made, 'prime.config.json')) as object;
      write(made, 'prime.config.json', JSON.stringify({ ...config, states }, null, 2));
    }
    return made;
  }
  const write = (made: Client, name: string, text: string): void => {
    mkdirSync(path.dirname(path.join(made.root, name)), { recursive: true });
    writeFileSync(path.join(made.root, name), text);
  };
  const read = (made: Client, name: string): string => readFileSync(path.join(made.root, name), 'utf8');
  const reach = async (made: Client, target: string, ...more: readonly string[]): Promise<Ended> => {
    const ended = await made.run('prime', ['--target', target, ...more]);
    assert.equal(ended.code, 0, ended.stderr);
    return ended;
  };
  const git = (
    made: Client,
    ...args: readonly string[]
  ): { readonly status: number | null; readonly out: string; readonly err: string } => {
    const ran = spawnSync('git', args, { cwd: made.root, encoding: 'utf8', env: { ...made.env, GIT_CONFIG_NOSYSTEM: '1' } });
    return { status: ran.status, out: ran.stdout, err: ran.stderr };
  };

  test('packages installs groups in order: the first brings the program that logs in to the registry of the next', async () => {
    const { registry } = workshop;
    registry.serve('login-helper', '1.0.0', {
      'package.json': JSON.stringify({ name: 'login-helper', version: '1.0.0', bin: { 'registry-login': 'login.js' } }),
      'login.js': `#!/usr/bin/env node\nconsole.log(${JSON.stringify(TOKEN)});\n`,
    });
    const helper = (await (await fetch(`${registry.url}login-helper`)).json()) as {
      versions: { '1.0.0': { dist: { integrity: string } } };
    };
    await using hidden = await privateRegistry(registry.url);
    const made = client(
      `const all = ready.packages({ name: 'all', groups: [
        { folder: 'tools/login' },
        { folder: '.', login: async (context) => ({ TOKEN: (await context.run('registry-login')).trim() }) },
      ] });
      export const states = [replaceState(proto.packages, all)];`,
      { module: 'prime.states.ts', needs: 'node', overrides: ['packages'] },
    );
    const entry = { version: '1.0.0', integrity: helper.versions['1.0.0'].dist.integrity, bin: { 'registry-login': 'login.js' } };
    write(made, 'tools/login/package.json', JSON.stringify({ name: 'login', version: '1.0.0', dependencies: { 'login-helper': '1.0.0' } }));
    write(
      made,
      'tools/login/package-lock.json',
      JSON.stringify({
        lockfileVersion: 3,
        packages: { '': { dependencies: { 'login-helper': '1.0.0' } }, 'node_modules/login-helper': entry },
      }),
    );
    write(made, 'tools/login/.npmrc', `registry=${registry.url}\n`);
    write(made, '.npmrc', `registry=${hidden.url}\n//${hidden.url.slice('http://'.length)}:_authToken=\${TOKEN}\n`);
    // Node and npm come from the machine's registry, before any of this counts.
    const first = await made.run('prime', ['--target', 'npm'], { env: { npm_config_registry: registry.url } });
    assert.equal(first.code, 0, first.stderr);
    const ended = await made.run('resprout');
    assert.equal(ended.code, 0, ended.stderr);
    assert.match(ended.stdout, /"tiny":42,"built":"one"/);
    assert.ok(hidden.seen.some((line) => line.startsWith('known /tiny')));
    assert.deepEqual(
      hidden.seen.filter((line) => line.startsWith('unknown') || line.includes('login-helper')),
      [],
    );
    assert.equal((await made.run('resprout')).stderr, '', 'and nothing is left to do');
    const logs = readdirSync(path.join(made.root, '.prime/logs')).map((name) => read(made, `.prime/logs/${name}`));
    assert.match(logs.join(''), /packages tools\/login: 1 entries[^]*registry-login[^]*packages: 1 entries/);
    assert.doesNotMatch(first.stderr + ended.stderr, new RegExp(TOKEN));
  });

  test('packages refuses a folder without a lockfile, and installs beside the root without touching it', async () => {
    const made = client(`export const states = [ready.packages({ name: 'more', groups: [{ folder: 'more' }] })];`);
    const none = await made.run('prime', ['--target', 'more']);
    assert.equal(none.code, 4);
    assert.match(none.stderr, /PRIME_STATE_FAILED {2}more has no package-lock\.json\n[^]*npm install --package-lock-only in more/);
    for (const name of ['package.json', 'package-lock.json']) write(made, `more/${name}`, read(made, name));
    assert.match((await reach(made, 'more')).stderr, /more more: 1 entries of the lockfile/);
    assert.equal(existsSync(path.join(made.root, 'more/node_modules/tiny/index.js')), true);
    assert.equal((await reach(made, 'more')).stderr, '');
    rmSync(path.join(made.root, 'more/node_modules/tiny/package.json'));
    assert.match((await reach(made, 'more')).stderr, /more more: installing/, 'what is gone is noticed');
    assert.equal((await made.run('prime', ['reboot', '--target', 'packages'])).code, 0);
    assert.match((await reach(made, 'more')).stderr, /more more: installing/, 'who starts from scratch starts here too');
  });

  test('built makes what changed, again after an edit, a loss or a reboot; a tool that fails gives its exit code', async () => {
    const made = client(
      `export const states = [ready.built({ name: 'docs', run: [['docs.mjs', 'x']], sources: ['docs.mjs', 'text'], outputs: ['site/index'], clean: ['site'] })];`,
    );
    write(made, 'text/a', 'one');
    const script = (more = ''): string =>
      `import fs from 'node:fs'; fs.appendFileSync('docs.log', process.argv[2]); ${more} fs.mkdirSync('site', { recursive: true }); fs.copyFileSync('text/a', 'site/index');\n`;
    write(made, 'docs.mjs', script());
    assert.match((await reach(made, 'docs')).stderr, /docs: docs\.mjs x\n.*docs: 1 steps/);
    assert.equal((await reach(made, 'docs')).stderr, '');
    write(made, 'text/a', 'two, edited');
    await reach(made, 'docs');
    assert.equal(read(made, 'site/index'), 'two, edited');
    rmSync(path.join(made.root, 'site'), { recursive: true });
    await reach(made, 'docs');
    assert.equal((await made.run('prime', ['reboot'])).code, 0);
    await reach(made, 'docs');
    assert.equal(read(made, 'docs.log'), 'xxxx');
    write(made, 'docs.mjs', script('console.error("no ink"); process.exit(9);'));
    const failed = await made.run('prime', ['--target', 'docs']);
    assert.equal(failed.code, 9, failed.stderr);
    assert.match(failed.stderr, /PRIME_BUILD_FAILED {2}docs\.mjs x failed\n[^]*saw {4}no ink\n/);
  });

  test('gitHooks lets git of this clone run committed hooks; outside of a work tree there is nothing to do, and hooks of others stay', async () => {
    const made = client('export const states = [ready.gitHooks()];');
    write(made, '.githooks/pre-commit', '#!/bin/sh\necho "the hook ran" >&2\n');
    assert.match(
      (await made.run('prime', ['check', '--target', 'gitHooks'])).stdout,
      /todo {2}gitHooks/,
      'before packages it is not known',
    );
    assert.equal((await reach(made, 'gitHooks', '-q')).stderr, '');
    assert.match((await made.run('prime', ['check', '--target', 'gitHooks'])).stdout, /done {2}gitHooks {5}this is no work tree/);
    assert.equal(git(made, 'init', '-q').status, 0);
    const idle = await made.run('prime', ['--target', 'gitHooks']);
    assert.match(idle.stderr, /pre-commit in \.githooks may not be executed[^]*git update-index --chmod=\+x \.githooks\/pre-commit/);
    chmodSync(path.join(made.root, '.githooks/pre-commit'), 0o755);
    await reach(made, 'gitHooks');
    assert.equal(git(made, 'config', 'core.hooksPath').out, '.githooks\n');
    const committed = git(made, '-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-q', '--allow-empty', '-m', 'x');
    assert.deepEqual([committed.status, committed.err], [0, 'the hook ran\n']);
    // As git runs it from a hook of another repository.
    await reach(made, 'gitHooks', '-q');
    const elsewhere = await made.run('prime', ['--target', 'gitHooks'], { env: { GIT_DIR: '/nowhere/.git' } });
    assert.equal(elsewhere.code, 0, elsewhere.stderr);
    git(made, 'config', 'core.hooksPath', 'mine');
    const own = await made.run('prime', ['--target', 'gitHooks']);
    assert.equal(own.code, 4);
    assert.match(own.stderr, /this clone has hooks of its own: core\.hooksPath is mine\n/);
    assert.equal(git(made, 'config', 'core.hooksPath').out, 'mine\n');
  });

  test('envFile writes what is missing, keeps what is there, and names the line of what has no value', async () => {
    const made = client(
      `const env = ready.envFile({ values: { KEY: () => 'a b', PLAIN: 'p' }, required: ['TOKEN'] });
      export const states = [env, defineState('sees', { does: 'x', parents: [env], reach: (_, { envFile }) => writeFileSync('seen', JSON.stringify(envFile)) })];`,
    );
    write(made, '.env.example', '# what a clone says\nPORT=80 # http\nTOKEN=\nKEY=\nQUOTED="x # y"\n');
    const open = await made.run('prime', ['--target', 'sees']);
    assert.equal(open.code, 4);
    assert.match(open.stderr, /TOKEN in \.env has no value\n[^]*\.env:2\n/);
    assert.equal(read(made, '.env'), "PORT=80\nTOKEN=\nKEY='a b'\nQUOTED='x # y'\nPLAIN=p\n");
    assert.equal(statSync(path.join(made.root, '.env')).mode & 0o777, 0o600);
    write(made, '.env', 'TOKEN=t\nPORT=8080\n# mine\nKEY=k');
    await reach(made, 'sees');
    assert.equal(read(made, '.env'), "TOKEN=t\nPORT=8080\n# mine\nKEY=k\nQUOTED='x # y'\nPLAIN=p\n");
    assert.deepEqual(JSON.parse(read(made, 'seen')), { TOKEN: 't', PORT: '8080', KEY: 'k', QUOTED: 'x # y', PLAIN: 'p' });
    write(made, '.env', `${read(made, '.env')}not an assignment\n`);
    assert.match((await made.run('prime', ['--target', 'sees'])).stderr, /a line that is no assignment\n[^]*\.env:7\n/);
    const node = spawnSync(process.execPath, ['--env-file=.env', '-p', 'process.env.QUOTED'], { cwd: made.root, encoding: 'utf8' });
    assert.equal(node.stdout, 'x # y\n', 'Node reads it the same way');
  });

  test('annotatedConfig is the configuration again when its comments are taken away, with the source of each setting', async () => {
    const made = client('export const states = [ready.annotatedConfig()];');
    await reach(made, 'annotatedConfig');
    const text = read(made, '.prime/config.annotated.jsonc');
    assert.match(text, /\/\/ what \.\/prime prepares to \(default\)\n {2}\/\/ "target": "built"\n/);
    assert.match(text, /\/\/ the npm that installs; \.\/prime pin writes it \(prime\.config\.json:\d+\)\n {2}"npm": \{\n/);
    assert.match(text, /\(not set\)\n {2}\/\/ "registry": …\n/);
    const plain = JSON.parse(text.replace(/^ *\/\/.*$/gm, '')) as object;
    assert.deepEqual(plain, JSON.parse(read(made, 'prime.config.json')));
    assert.equal((await reach(made, 'annotatedConfig')).stderr, '');
    write(made, 'prime.config.json', JSON.stringify({ ...plain, target: 'packages' }, null, 2));
    await reach(made, 'annotatedConfig');
    assert.match(read(made, '.prime/config.annotated.jsonc'), /\(prime\.config\.json:\d+\)\n {2}"target": "packages"/);
  });

  test('scriptLogger tells people what they asked for, and a file more; old files go', async () => {
    const made = client(
      `const log = ready.scriptLogger({ name: 'work', keep: 2 });
      export const states = [defineState('says', { does: 'x', parents: [log], reach(_, { work }) { for (const level of ['debug', 'info', 'warning', 'error']) work[level](level + '-line'); } })];`,
    );
    const said = async (...args: readonly string[]): Promise<string[]> =>
      (await reach(made, 'says', ...args)).stderr.match(/\w+ \w+-line/g) ?? [];
    await reach(made, 'packages');
    assert.deepEqual(await said(), ['warning warning-line', 'error error-line']);
    assert.deepEqual(await said('-q'), ['error error-line']);
    assert.deepEqual(await said('-v'), ['debug debug-line', 'info info-line', 'warning warning-line', 'error error-line']);
    const files = readdirSync(path.join(made.root, '.prime/logs')).filter((name) => name.startsWith('work.'));
    assert.equal(files.length, 2, files.join(' '));
    const texts = files.map((name) => read(made, `.prime/logs/${name}`).match(/\w+-line/g)?.length);
    assert.deepEqual(new Set(texts), new Set([3, 4]));
  });

  test('a ready-made state is wrapped twice and replaced without a word in the configuration', async () => {
    const made = client(
      `const env = ready.envFile();
      const around = wrapState(env, { does: 'one more', async reach(_, { inner }) { return { ...(await inner()), around: 'yes' }; } });
      const again = wrapState(around, { does: 'and one more', async reach(_, { inner }) { return { ...(await inner()), again: 'yes' }; } });
      const sees = defineState('sees', { does: 'x', parents: [env], reach: (_, { envFile }) => writeFileSync('seen', JSON.stringify(envFile)) });
      const hooks = replaceState(ready.gitHooks(), { does: 'none here', look: () => ({ fresh: true, why: 'none', value: null }), reach: () => null });
      export const states = [sees, again, hooks];`,
    );
    write(made, '.env.example', 'PORT=80\n');
    await reach(made, 'sees');
    assert.deepEqual(JSON.parse(read(made, 'seen')), { PORT: '80', around: 'yes', again: 'yes' });
    const graph = (await made.run('prime', ['graph'])).stdout;
    assert.match(graph, /meta {3}_envFile .*\nmeta {3}__envFile .*needs _envFile\nmeta {3}envFile .*needs __envFile\n/);
    assert.match((await reach(made, 'gitHooks')).stderr, /^$/);
  });
});

test('examples/ready-made: an adopted repository with ready-made states of the package is ready from a bare clone', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'ready-made-'));
  const home = mkdtempSync(path.join(tmpdir(), 'home-'));
  const env = { PATH: `${path.dirname(process.execPath)}:/usr/bin:/bin`, HOME: home, GIT_CONFIG_NOSYSTEM: '1' };
  const run = (file: string, args: readonly string[]): Promise<Ended> =>
    collect(spawn(file, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] }));
  try {
    cpSync(path.join(REPOSITORY, 'examples/ready-made'), folder, { recursive: true });
    assert.equal((await run('git', ['init', '-q'])).code, 0);
    assert.equal((await run(process.execPath, [path.join(REPOSITORY, 'proto_kernel.cjs'), '@init', folder])).code, 0);
    mkdirSync(path.join(folder, 'node_modules'));
    symlinkSync(REPOSITORY, path.join(folder, 'node_modules/resprout'));
    const ready = await run('./prime', ['--target', 'ready']);
    assert.equal(ready.code, 0, ready.stderr);
    assert.match(readFileSync(path.join(folder, '.env'), 'utf8'), /^PORT=8080\nSECRET=made-for-this-clone\n$/);
    assert.match(readFileSync(path.join(folder, 'out/docs.md'), 'utf8'), /Made by Node/);
    assert.equal((await run('git', ['config', 'core.hooksPath'])).stdout, '.githooks\n');
    const logs = readdirSync(path.join(folder, '.prime/logs')).filter((name) => name.startsWith('scriptLogger.'));
    assert.match(readFileSync(path.join(folder, '.prime/logs', logs[0] ?? ''), 'utf8'), /info {4}ready on port 8080, settings in \//);
    const shell = await run('./prime', ['shell', '-c', 'echo "$PORT $SECRET"']);
    assert.deepEqual([shell.code, shell.stdout], [0, '8080 made-for-this-clone\n'], shell.stderr);
    writeFileSync(path.join(folder, '.env'), 'PORT=http\nSECRET=x\n');
    const wrong = await run('./prime', ['--target', 'ready']);
    assert.deepEqual([wrong.code, wrong.stderr.includes('PORT in .env is no number')], [4, true], wrong.stderr);
  } finally {
    for (const one of [folder, home]) rmSync(one, { recursive: true, force: true });
  }
});
