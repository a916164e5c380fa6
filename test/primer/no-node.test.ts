// A machine without any Node and npm: the launcher fetches both itself, from the registry that the settings name.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { makeClient, type Client } from './support/client.ts';
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
        assert.deepEqual(readdirSync(path.join(made.home, '.cache/resprout/inbox')), []);
        assert.equal((await made.run('resprout', [], { env })).stderr, '');
      },
    );
  }

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
      assert.deepEqual(readdirSync(path.join(made.home, '.cache/resprout/inbox')), []);
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
});
