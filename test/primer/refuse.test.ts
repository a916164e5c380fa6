// What the primer refuses, with which code, and that nothing of it was run or installed.
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { missingNodes, testNode } from '../support/nodes.ts';
import { makeClient, type Client } from './support/client.ts';
import { startRegistry } from './support/registry.ts';
import { useWorkshop } from './support/workshop.ts';

describe('the primer refuses', { skip: missingNodes('20.20.2') }, () => {
  const workshop = useWorkshop(testNode('20.20.2'));
  const client = (): Client => workshop.client();
  const edit = (made: Client, name: string, change: (text: string) => string): void => {
    const file = path.join(made.root, name);
    writeFileSync(file, change(readFileSync(file, 'utf8')));
  };

  test('a configuration with an unknown key, a wrong value or a syntax error, by file and line', async () => {
    const cases: readonly (readonly [(text: string) => string, RegExp])[] = [
      [(text) => text.replace('"outputs"', '"output"'), /built\.output is not a known key\n.*prime\.config\.json:22\n/],
      [(text) => text.replace('sha512-', 'sha1-'), /node\.\S+\.integrity is «sha1-.*\n.*prime\.config\.json:5\n/],
      [(text) => text.replace('"src"', '"../src"'), /built\.sources leads out of the folder: \.\.\/src\n/],
      [(text) => text.replace('"npm": {', '"npm": [{'), /is not JSON: .*\n.*prime\.config\.json:\d+\n/],
      [() => '[]', / {2}is not an object\n/],
    ];
    for (const [change, expected] of cases) {
      const made = client();
      edit(made, 'prime.config.json', change);
      const ended = await made.run('prime');
      assert.equal(ended.code, 4);
      assert.match(ended.stderr, /PRIME_CONFIG_INVALID/);
      assert.match(ended.stderr, expected);
      assert.equal(existsSync(path.join(made.root, '.prime')), false);
    }
  });

  test('a command line it does not know, with the nearest name and exit code 2', async () => {
    const made = client();
    const cases: readonly (readonly [string[], RegExp])[] = [
      [['--oflin'], /USAGE {2}unknown option --oflin\n.*Did you mean --offline\?/],
      [['bot'], /USAGE {2}unknown command bot\n.*Did you mean boot\?/],
      [['--target', 'pakages'], /PRIME_NO_STATE .*\n.*states here: node, npm, packages, built\n.*Did you mean packages\?/],
      [['--target'], /USAGE {2}--target needs/],
    ];
    for (const [args, expected] of cases) {
      const ended = await made.run('prime', args);
      assert.equal(ended.code, 2, ended.stderr);
      assert.match(ended.stderr, expected);
    }
  });

  test('a Node that is not the committed one, even when the registry vouches for it', async () => {
    const bad = await startRegistry();
    try {
      const made = workshop.keep(makeClient(bad, testNode('20.20.2')));
      bad.tamper();
      const ended = await made.run('resprout');
      assert.equal(ended.code, 4);
      assert.match(ended.stderr, /PRIME_INTEGRITY {2}node-test@\S+ is not the one whose hash is committed/);
      assert.deepEqual(readdirSync(path.join(made.home, '.cache/prime/node')), []);
      assert.equal(existsSync(path.join(made.root, '.prime/node')), false);
    } finally {
      await bad.close();
    }
  });

  test('a cached Node that was changed: it is fetched again, never run', async () => {
    const made = client();
    assert.equal((await made.run('resprout')).code, 0);
    const nodes = path.join(made.home, '.cache/prime/node');
    const [item = ''] = readdirSync(nodes);
    const mark = path.join(made.root, 'mark');
    writeFileSync(path.join(nodes, item, 'bin/node'), `#!/bin/sh\ntouch '${mark}'\necho ${process.versions.node}\n`);
    rmSync(path.join(made.root, '.prime'), { recursive: true });
    const ended = await made.run('resprout');
    assert.equal(ended.code, 0, ended.stderr);
    assert.match(ended.stderr, /fetching node-test@/);
    assert.equal(existsSync(mark), false);
  });

  test('a lockfile entry without integrity or from elsewhere, before npm runs', async () => {
    const made = client();
    edit(made, 'package-lock.json', (text) =>
      text.replace(/"integrity": "[^"]*"/, '"resolved": "git+ssh://git@example.invalid/tiny.git#main"'),
    );
    const ended = await made.run('resprout');
    assert.equal(ended.code, 4);
    assert.match(ended.stderr, /PRIME_CONFIG_INVALID {2}the lockfile entry node_modules\/tiny has no sha512 integrity/);
    assert.match(ended.stderr, /package-lock\.json:\d+/);
    assert.equal(existsSync(path.join(made.root, 'node_modules')), false);
  });

  test('a machine without npm, and one without any Node', async () => {
    const made = client();
    const empty = path.join(made.home, 'bin');
    mkdirSync(empty);
    cpSync(testNode('20.20.2'), path.join(empty, 'node'));
    const noNpm = await made.run('resprout', [], { env: { PATH: empty } });
    assert.equal(noNpm.code, 4);
    assert.match(noNpm.stderr, /PRIME_NO_NPM/);
    rmSync(path.join(empty, 'node'));
    writeFileSync(path.join(empty, 'node'), '#!/bin/sh\necho 10.24.1\n', { mode: 0o755 });
    const noNode = await made.run('resprout', [], { env: { PATH: `${empty}:/usr/sbin` } });
    assert.equal(noNode.code, 4);
    assert.match(noNode.stderr, /PRIME_NO_NODE/);
    assert.match(noNode.stderr, /bin\/node says 10\.24\.1/);
  });

  test('a registry that does not answer, within a minute and with what npm said', async () => {
    const made = client();
    const ended = await made.run('resprout', [], { env: { npm_config_registry: 'http://127.0.0.1:9/' } });
    assert.equal(ended.code, 4);
    assert.match(ended.stderr, /PRIME_NO_NODE {2}node-test@\S+ could not be fetched/);
    assert.match(ended.stderr, /ECONNREFUSED/);
    assert.equal((await made.run('resprout')).code, 0, 'the next run heals');
  });

  test('eval, graph, --dry and --help change nothing on an empty machine', async () => {
    const made = client();
    for (const args of [['eval'], ['graph'], ['--dry'], ['--help'], ['boot', '--dry', '--target=packages']]) {
      const ended = await made.run('prime', args);
      assert.equal(ended.code, 0, ended.stderr);
    }
    const evaluated: unknown = JSON.parse((await made.run('prime', ['eval'])).stdout);
    assert.match(JSON.stringify(evaluated), /"packages":\{"fresh":false,"why":"there is no node_modules"/);
    assert.equal(existsSync(path.join(made.root, '.prime')), false);
    assert.equal(existsSync(path.join(made.home, '.cache')), false);
  });
});
