// The primer from nothing to a running program, on wild Nodes that the machine may have.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { missingNodes, testNode } from '../support/nodes.ts';
import type { Client, Ended } from './support/client.ts';
import { useWorkshop } from './support/workshop.ts';

function facts(ended: Ended): Record<string, unknown> {
  assert.equal(ended.code, 0, ended.stderr);
  const value: unknown = JSON.parse(ended.stdout);
  assert.ok(typeof value === 'object' && value !== null);
  return Object.fromEntries(Object.entries(value));
}

const builds = (made: Client): number => readFileSync(path.join(made.root, 'builds.log'), 'utf8').trim().split('\n').length;

describe('the primer', () => {
  const workshop = useWorkshop(process.execPath);
  const { client } = workshop;

  for (const version of ['12.22.12', '20.20.2'] as const)
    test(
      `resprout from a bare clone, Node ${version} and an empty home runs the program with its arguments`,
      { skip: missingNodes(version, '20.20.2') },
      async () => {
        const made = client(testNode(version), version === '12.22.12' ? [testNode('20.20.2')] : []);
        const first = await made.run('resprout', ['a', '--quiet', '-- b']);
        const { argv, main, tiny, built, node, pid } = facts(first);
        assert.deepEqual(
          { argv, main, tiny, built, node },
          { argv: ['a', '--quiet', '-- b'], main: true, tiny: 42, built: 'one', node: process.versions.node },
        );
        assert.equal(pid, first.pid, 'the launcher itself became the program');
        for (const step of ['node ', 'npm ', 'packages', 'built']) assert.match(first.stderr, new RegExp(`${step}.*: `));
        assert.deepEqual(readdirSync(made.home), ['.cache'], 'nothing but the cache is written to the home');

        const second = await made.run('resprout', ['again']);
        assert.equal(second.stderr, '', 'nothing is said on the fast path');
        const again = facts(second);
        assert.deepEqual([again['pid'], again['ppid']], [second.pid, process.pid], 'one process, no idle parent');
        assert.equal(builds(made), 1);
      },
    );

  test('resprout passes the exit code of the program on and leaves its working directory alone', async () => {
    const made = client();
    assert.equal((await made.run('resprout', ['fail'])).code, 7);
    assert.equal((await made.run('resprout', ['fail'], { cwd: made.home })).code, 7);
    symlinkSync(path.join(made.root, 'resprout'), path.join(made.home, 'link'));
    const linked = await made.run('prime', ['test', '--quiet', 'FILE'], { cwd: '/' });
    assert.deepEqual(facts(linked), { task: ['--quiet', 'FILE'], path: path.dirname(process.execPath) });
  });

  test('resprout heals what changed: sources, lockfile, packages, outputs, stamps', async () => {
    const made = client();
    facts(await made.run('resprout'));
    writeFileSync(path.join(made.root, 'src/text.txt'), 'two, edited\n');
    assert.equal(facts(await made.run('resprout'))['built'], 'two, edited');
    assert.equal(builds(made), 2);

    // A copy from elsewhere keeps its old time: what was built goes first, for build tools that look at times only.
    writeFileSync(path.join(made.root, 'src/text.txt'), 'three, older\n');
    utimesSync(path.join(made.root, 'src/text.txt'), 1e9, 1e9);
    const older = await made.run('resprout');
    assert.equal(facts(older)['built'], 'three, older');
    assert.match(older.stderr, /removing what older sources made/);

    rmSync(path.join(made.root, 'out/main.mjs'));
    facts(await made.run('resprout'));
    assert.equal(builds(made), 4);

    rmSync(path.join(made.root, 'node_modules/tiny'), { recursive: true });
    rmSync(path.join(made.root, 'node_modules/.prime-stamp'));
    assert.match((await made.run('resprout')).stderr, /packages: /);

    const lockfile = path.join(made.root, 'package-lock.json');
    writeFileSync(lockfile, `${readFileSync(lockfile, 'utf8')}\n`);
    assert.match((await made.run('resprout')).stderr, /packages: /);

    const rebooted = await made.run('prime', ['reboot']);
    assert.equal(rebooted.code, 0, rebooted.stderr);
    assert.match(rebooted.stderr, /packages: .*[^]*built: /);
    assert.equal((await made.run('prime')).stderr, '', 'and then nothing is left to do');

    writeFileSync(path.join(made.root, '.prime/node'), '/nowhere/node\n');
    facts(await made.run('resprout'));
    rmSync(path.join(made.root, '.prime'), { recursive: true });
    facts(await made.run('resprout'));
  });

  test('resprout keeps the last build apart from a failing one: PRIME_BUILD_FAILED shows what the build said', async () => {
    const made = client();
    facts(await made.run('resprout'));
    writeFileSync(path.join(made.root, 'src/text.txt'), 'broken\n');
    const failed = await made.run('resprout');
    assert.equal(failed.code, 1, 'that of the script');
    assert.match(failed.stderr, /PRIME_BUILD_FAILED {2}build\.mjs failed\n/);
    assert.match(failed.stderr, /src\/text\.txt: it is broken/);
    writeFileSync(path.join(made.root, 'src/text.txt'), 'mended\n');
    assert.equal(facts(await made.run('resprout'))['built'], 'mended');
  });

  test('resprout runs nothing that the environment injects, in any hop', async () => {
    const made = client();
    const evil = path.join(made.root, 'evil.cjs');
    writeFileSync(
      evil,
      `globalThis.leaked = true; require('fs').appendFileSync(${JSON.stringify(path.join(made.root, 'leaks'))}, process.argv.join(' ') + '\\n');\n`,
    );
    // Node runs what it finds in a folder of compiled code: anybody may have made one among the temporary files.
    const temporary = path.join(made.root, 'temporary');
    mkdirSync(temporary);
    const env = {
      TMPDIR: temporary,
      NODE_COMPILE_CACHE: path.join(temporary, 'named'),
      NODE_OPTIONS: `--require ${evil}`,
      BASH_ENV: evil,
      npm_config_node_options: `--require ${evil}`,
      npm_config_script_shell: '/nowhere/shell',
      npm_config_prefix: '/nowhere',
      NPM_CONFIG_IGNORE_SCRIPTS: 'false',
      npm_config_offline: 'true',
      LD_PRELOAD: '',
    };
    for (const round of ['cold', 'warm']) {
      const { leaked, options } = facts(await made.run('resprout', [round], { env }));
      assert.deepEqual({ leaked, options }, { leaked: null, options: null });
    }
    assert.equal(existsSync(path.join(made.root, 'leaks')), false);
    assert.deepEqual(readdirSync(temporary), [], 'what is compiled for tools is kept in the cache of the user');
    assert.ok(existsSync(path.join(made.home, '.cache/prime/compile-cache')));
    // An option that the wild Node does not know would end it before its first line.
    const odd = client();
    facts(await odd.run('resprout', [], { env: { NODE_OPTIONS: '--no-such-option' } }));
  });

  test('resprout runs no install script of any package', async () => {
    const made = client();
    facts(await made.run('resprout'));
    const marks = readdirSync(made.root, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('mark-'));
    assert.deepEqual(marks, []);
  });
});
