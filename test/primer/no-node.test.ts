// A machine without any Node and npm: the launcher fetches both itself, from the registry that the settings name.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, test } from 'node:test';
import { makeClient, type Client, type Ended } from './support/client.ts';
import { startRegistry } from './support/registry.ts';
import { useWorkshop } from './support/workshop.ts';

const BASE = [
  'awk',
  'base64',
  'cat',
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
  'dirname',
];

/** A PATH with the usual tools and one downloader, but no Node. */
function bareFolder(client: Client, downloader: string): string {
  const folder = path.join(client.root, `bin-${downloader}`);
  mkdirSync(folder);
  for (const name of [...BASE, downloader]) {
    const found = ['/usr/bin', '/bin', '/usr/local/bin'].map((place) => path.join(place, name)).find((file) => existsSync(file));
    if (found !== undefined) symlinkSync(found, path.join(folder, name));
  }
  return folder;
}

describe('the launcher without any Node', () => {
  const workshop = useWorkshop(process.execPath);
  const client = (): Client => workshop.client();

  for (const downloader of ['curl', 'wget', 'python3']) {
    const isThere = existsSync(path.join('/usr/bin', downloader)) || process.env['CI'] === 'true';
    test(
      `fetches Node and npm with ${downloader} and runs the program`,
      { skip: isThere ? false : `${downloader} is missing; install it` },
      async () => {
        const made = client();
        const env = { PATH: bareFolder(made, downloader), npm_config_registry: workshop.registry.url };
        const ended = await made.run('resprout', ['x'], { env });
        assert.equal(ended.code, 0, ended.stderr);
        assert.match(ended.stdout, /"argv":\["x"\]/);
        assert.match(ended.stderr, /fetching node-test@\S+ without npm\nfetching npm@\S+ without npm\n/);
        assert.deepEqual(readdirSync(path.join(made.root, '.prime/inbox')), []);
        assert.equal((await made.run('resprout', [], { env })).stderr, '');
      },
    );
  }

  test('says nothing at all with -q, from nothing to a prepared folder: neither launcher nor kernel nor any tool', async () => {
    for (const [args, env] of [
      [['-q', '--target', 'packages'], {}],
      [['boot', '--target=packages'], { PRIME_QUIET: '1' }],
    ] as const) {
      const made = client();
      const ended = await made.run('prime', args, {
        env: { PATH: bareFolder(made, 'curl'), npm_config_registry: workshop.registry.url, ...env },
      });
      assert.deepEqual([ended.code, ended.stdout, ended.stderr], [0, '', '']);
    }
    const made = client();
    const env = { PATH: bareFolder(made, 'curl'), npm_config_registry: workshop.registry.url };
    const task = await made.run('prime', ['test', '-q'], { env });
    assert.match(task.stderr, /fetching node-test@/, 'what stands after the name of a task is its own');
  });

  test('takes the registry from .npmrc', async () => {
    const made = client();
    const env = { PATH: bareFolder(made, 'curl') };
    writeFileSync(path.join(made.home, '.npmrc'), `registry = ${workshop.registry.url}\n`);
    assert.equal((await made.run('prime', ['--target', 'node'], { env })).code, 0);
  });

  test('runs nothing of a Node that is not the committed one', async () => {
    const bad = await startRegistry();
    try {
      const made = workshop.keep(makeClient(bad, process.execPath));
      bad.tamper();
      const ended = await made.run('resprout', [], { env: { PATH: bareFolder(made, 'curl'), npm_config_registry: bad.url } });
      assert.equal(ended.code, 4);
      assert.match(ended.stderr, /PRIME_INTEGRITY {2}node-test@\S+ is not the one whose hash is committed/);
      assert.deepEqual(readdirSync(path.join(made.root, '.prime/inbox')), []);
    } finally {
      await bad.close();
    }
  });

  test('says what was looked for when no registry answers', async () => {
    const made = client();
    const ended = await made.run('resprout', [], { env: { PATH: bareFolder(made, 'curl'), npm_config_registry: 'http://127.0.0.1:9' } });
    assert.equal(ended.code, 4);
    assert.match(ended.stderr, /PRIME_NO_NODE .*\n.*tried.*\n.*tried {2}fetching it with curl, wget or python3/);
    assert.match(ended.stderr, /do {5}Install any Node/);
  });

  /** A registry that asks for a password, in front of the one of the tests; what it was asked, and by which host name. */
  async function withProxy(use: (url: string, asked: string[]) => Promise<void>): Promise<void> {
    const asked: string[] = [];
    const proxy = createServer((request, response) => {
      asked.push(request.url ?? '');
      const { pathname } = new URL(request.url ?? '/', workshop.registry.url);
      fetch(new URL(pathname, workshop.registry.url)).then(
        async (answer) => response.writeHead(answer.status).end(Buffer.from(await answer.arrayBuffer())),
        () => response.destroy(),
      );
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    try {
      await use(`http://127.0.0.1:${(proxy.address() as AddressInfo).port}/`, asked);
    } finally {
      proxy.closeAllConnections();
      await new Promise((resolve) => proxy.close(resolve));
    }
  }
  const settings = (made: Client, ...lines: readonly string[]): void => writeFileSync(path.join(made.home, '.npmrc'), lines.join('\r\n'));
  const toNode = (made: Client, env: Readonly<Record<string, string>>): Promise<Ended> => made.run('prime', ['--target', 'node'], { env });

  test('reads .npmrc as npm does: last line wins, CRLF, quotes, variables, a proxy', async () => {
    const { registry } = workshop;
    const made = client();
    settings(made, 'registry=http://127.0.0.1:9/', `; registry = http://127.0.0.1:8/`, 'registry = "http://${WHERE}/"', '');
    const ended = await toNode(made, { PATH: bareFolder(made, 'curl'), WHERE: new URL(registry.url).host });
    assert.equal(ended.code, 0, ended.stderr);
    for (const downloader of ['curl', 'wget', 'python3']) {
      await withProxy(async (proxy, asked) => {
        const behind = client();
        settings(behind, 'registry=http://registry.invalid/', `proxy=${proxy}`);
        const fetched = await toNode(behind, { PATH: bareFolder(behind, downloader) });
        assert.equal(fetched.code, 0, `${downloader}: ${fetched.stderr}`);
        assert.equal(asked.length, 2, downloader);
      });
    }
  });

  test('takes the registry that the configuration names when the machine names none', async () => {
    const made = client();
    const file = path.join(made.root, 'prime.config.json');
    writeFileSync(file, readFileSync(file, 'utf8').replace('{', `{\n  "registry": "${workshop.registry.url}",`));
    const ended = await toNode(made, { PATH: bareFolder(made, 'curl') });
    assert.equal(ended.code, 0, ended.stderr);
  });

  test('compares what lies in its inbox before anything of it is run, fetches it again, and sweeps what killed runs left', async () => {
    const made = client();
    const mark = path.join(made.home, 'mark');
    const evil = path.join(made.home, 'evil/package/bin');
    mkdirSync(evil, { recursive: true });
    writeFileSync(path.join(evil, 'node'), `#!/bin/sh\ntouch '${mark}'\necho ${process.versions.node}\n`, { mode: 0o755 });
    const inbox = path.join(made.root, '.prime/inbox');
    mkdirSync(path.join(inbox, 'first.999999999/package'), { recursive: true });
    writeFileSync(path.join(inbox, 'npm-1.tgz.part.999999999'), 'half');
    const { node, npm } = workshop.registry;
    spawnSync('tar', ['-czf', path.join(inbox, `${node.name}-${node.version}.tgz`), '-C', path.join(made.home, 'evil'), 'package']);
    writeFileSync(path.join(inbox, `npm-${npm.version}.tgz`), 'cut');
    const ended = await made.run('resprout', [], { env: { PATH: bareFolder(made, 'curl'), npm_config_registry: workshop.registry.url } });
    assert.equal(ended.code, 0, ended.stderr);
    assert.equal(existsSync(mark), false);
    assert.deepEqual(readdirSync(inbox), []);
  });

  test('works with HOME unset, not writable or no folder, and with a relative XDG_CACHE_HOME', async () => {
    const homes: readonly Readonly<Record<string, string>>[] = [
      { HOME: '' },
      { HOME: '/proc/1' },
      { HOME: '/dev/null' },
      { XDG_CACHE_HOME: 'relative' },
    ];
    for (const home of homes) {
      const made = client();
      const env = { PATH: bareFolder(made, 'curl'), npm_config_registry: workshop.registry.url, ...home };
      const ended = await made.run('resprout', [], { env });
      assert.equal(ended.code, 0, `${JSON.stringify(home)}: ${ended.stderr}`);
      assert.equal((await made.run('resprout', [], { env })).stderr, '', JSON.stringify(home));
      assert.equal(existsSync(path.join(made.root, 'relative')), false);
    }
  });

  test('tells what each downloader said, tries the next one, and shows no password, in no argument list either', async () => {
    const { host } = new URL(workshop.registry.url);
    for (const downloader of ['curl', 'wget', 'python3']) {
      const made = client();
      const refused = await toNode(made, { PATH: bareFolder(made, downloader), npm_config_registry: `http://bob:geheim@${host}/404/` });
      assert.equal(refused.code, 4);
      assert.match(refused.stderr, /saw .*404/, downloader);
      assert.doesNotMatch(refused.stderr, /geheim/, downloader);
    }
    const made = client();
    const folder = bareFolder(made, 'wget');
    const said = path.join(made.home, 'arguments');
    for (const [name, end] of [
      ['curl', 'exit 7'],
      ['wget', 'exec /usr/bin/wget "$@"'],
    ] as const) {
      rmSync(path.join(folder, name), { force: true });
      writeFileSync(path.join(folder, name), `#!/bin/sh\necho "$@" >>'${said}'\n${end}\n`, { mode: 0o755 });
    }
    const ended = await toNode(made, { PATH: folder, npm_config_registry: `http://bob:geheim@${host}/` });
    assert.equal(ended.code, 0, ended.stderr);
    const list = readFileSync(said, 'utf8');
    assert.match(list, /--config -[^]*-i -/);
    assert.doesNotMatch(list, /geheim/);
  });
});
