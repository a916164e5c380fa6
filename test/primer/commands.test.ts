// `./prime check`, `doctor`, `shell`, the log of a start, and the exit codes of tools.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { missingNodes, testNode } from '../support/nodes.ts';
import { until } from '../support/until.ts';
import { collect, type Client, type Ended } from './support/client.ts';
import { useWorkshop } from './support/workshop.ts';

const HEAD = `import { defineState, proto, shell, envFile } from './proto_kernel.cjs';
import { writeFileSync } from 'node:fs';
`;

/** Shells that are on this machine; in CI all of them have to be. */
const shells = ['bash', 'zsh', 'fish'].map((name) => [name, `/usr/bin/${name}`] as const);
const without = (file: string): string | false =>
  existsSync(file) || process.env['CI'] === 'true' ? false : `${file} is missing; install it`;

describe('commands of the primer', { skip: missingNodes('20.20.2') }, () => {
  const workshop = useWorkshop(process.execPath);

  function client(states = '', wild?: string): Client {
    const made = workshop.client(wild);
    if (states !== '') writeFileSync(path.join(made.root, 'prime.states.ts'), HEAD + states);
    return made;
  }
  const prepared = async (made: Client): Promise<Client> => {
    const ended = await made.run('prime');
    assert.equal(ended.code, 0, ended.stderr);
    return made;
  };
  const all = (folder: string): string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  const logs = (made: Client): string[] => readdirSync(path.join(made.root, '.prime/logs')).sort();
  /** Runs a launcher with something on stdin. */
  const piped = (made: Client, args: readonly string[], text: string, env: Readonly<Record<string, string>>): Promise<Ended> => {
    const child = spawn(path.join(made.root, 'prime'), args, {
      cwd: made.root,
      env: { ...made.env, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    child.stdin.end(text);
    return collect(child);
  };

  test('check says what would be done on the way to a target, with exit code 1, and changes nothing; 0 when it is nothing', async () => {
    const made = client('export const states = [envFile()];', testNode('20.20.2'));
    writeFileSync(path.join(made.root, '.env.example'), 'A=1\n');
    const before = all(made.root);
    const bare = await made.run('prime', ['check']);
    assert.equal(bare.code, 1, bare.stderr);
    assert.match(
      bare.stdout,
      /^todo {2}node +Node \S+ has to be fetched\ntodo {2}npm [^]*todo {2}packages +there is no node_modules\ntodo {2}built /,
    );
    assert.deepEqual([all(made.root), all(made.home)], [before, []]);
    const later = await made.run('prime', ['check', '--target', 'envFile']);
    assert.equal(later.code, 1);
    assert.match(later.stdout, /todo {2}envFile +known when prime\.states\.ts is loaded, after packages\n$/);
    assert.equal((await made.run('prime', ['check', '--target', 'node'])).stdout.split('\n').length, 2, 'only what the target needs');

    assert.equal((await made.run('prime')).code, 0);
    const done = await made.run('prime', ['check']);
    assert.deepEqual([done.code, done.stderr], [0, '']);
    assert.match(done.stdout, /^done {2}node [^]*done {2}packages [^]*done {2}built +built from these sources\n$/);
    assert.equal((await made.run('prime', ['check', '--target', 'envFile'])).code, 1);
    assert.equal(existsSync(path.join(made.root, '.env')), false);
    assert.equal((await made.run('prime', ['check', '--target', 'envfile'])).code, 2, 'nobody knows it');
  });

  test('doctor says which Node, npm, cache and lockfile count, where version files disagree, and what a start fails on', async () => {
    const made = client('', testNode('20.20.2'));
    const read = (name: string): string => readFileSync(path.join(made.root, name), 'utf8');
    writeFileSync(path.join(made.root, '.nvmrc'), '18\n');
    writeFileSync(path.join(made.root, '.tool-versions'), 'nodejs lts\n');
    const before = all(made.root);
    const { code, stdout } = await made.run('prime', ['doctor']);
    assert.equal(code, 0, stdout);
    for (const expected of [
      /this is +Node 20\.20\.2 on /,
      /node wanted +\S+, as \.node-version:1 says\n/,
      /node +\.nvmrc:1 says 18, and \.node-version:1 says \S+, which counts\n +do Make \.nvmrc:1 agree\n/,
      /node +\.tool-versions:1 says «lts», which is not understood; it does not count\n/,
      /node here +\S+\/bin\/node: 20\.20\.2.* \(not wanted\)\n/,
      /node taken +node-test@\S+, which the next start fetches\n/,
      /npm taken +npm \S+ has to be fetched\n/,
      /npm here +npm \d+, \S+npm-cli\.js with /,
      new RegExp(`registry +${workshop.registry.url}\\n`),
      /cache +\S+\/\.cache\/prime, not there yet\n/,
      /lockfile +1 entries, each with a hash; package\.json agrees\n/,
      /\nnothing that a start would fail on; 2 to look at\n$/,
    ])
      assert.match(stdout, expected);
    assert.deepEqual([all(made.root), all(made.home)], [before, []], 'it changes nothing');

    writeFileSync(path.join(made.root, 'package.json'), read('package.json').replace('"tiny": "1.0.0"', '"tiny": "1.0.1"'));
    const config = JSON.parse(read('prime.config.json')) as Record<string, unknown>;
    delete config['node'];
    writeFileSync(path.join(made.root, 'prime.config.json'), JSON.stringify(config));
    writeFileSync(path.join(made.root, '.node-version'), '99.0.0\n');
    const env = { npm_config_registry: 'http://bob:s3cret@127.0.0.1:9/' };
    const bad = await made.run('prime', ['doctor'], { env });
    assert.equal(bad.code, 4);
    assert.match(
      bad.stdout,
      /node taken +none here fits, and none is pinned for \S+\n +do Install Node 99\.0\.0, or: \.\/prime pin 99\.0\.0\n/,
    );
    assert.match(bad.stdout, /lockfile +tiny 1\.0\.1 in package\.json, 1\.0\.0 in the lockfile\n +do npm install --package-lock-only/);
    assert.doesNotMatch(bad.stdout, /s3cret/);
    assert.match(bad.stdout, /registry +(?:an address with a password|http:\/\/\*\*\*@)[^]*a start would fail: 2 of these\n$/);
    assert.equal((await made.run('prime', ['boot'])).code, 4, 'it does');
  });

  for (const [name, file] of shells)
    test(
      `shell opens ${name}: -c LINE, a pipe, its exit code, the Node and the packages first on PATH`,
      { skip: without(file) },
      async () => {
        const made = await prepared(client());
        mkdirSync(path.join(made.root, 'node_modules/.bin'), { recursive: true });
        writeFileSync(path.join(made.root, 'node_modules/.bin/own-tool'), '#!/bin/sh\necho tool\n', { mode: 0o755 });
        // Files of the user would change PATH, and say something.
        for (const rc of ['.bashrc', '.zshrc', '.zshenv'])
          writeFileSync(path.join(made.home, rc), 'export PATH=/usr/bin:/bin\necho noise\n');
        mkdirSync(path.join(made.home, '.config/fish'), { recursive: true });
        writeFileSync(path.join(made.home, '.config/fish/config.fish'), 'set -gx PATH /usr/bin /bin\necho noise\n');
        // Without its folders a first fish leaves a process behind that reads manuals.
        for (const folder of ['.cache/fish', '.local/share/fish'])
          mkdirSync(path.join(made.home, folder, 'generated_completions'), { recursive: true });
        const env = { SHELL: file, NODE_OPTIONS: '--no-such-option', PRIME_VERBOSE: '0', GREETING: 'hello' };
        const line = await made.run('prime', ['shell', '-c', 'own-tool; command -v node; echo "$GREETING"; env | grep PRIME_; exit 42'], {
          env,
        });
        assert.deepEqual(
          [line.code, line.stdout.split('\n'), line.stderr],
          [42, ['tool', path.join(path.dirname(process.execPath), 'node'), 'hello', ''], ''],
        );
        assert.equal((await made.run('prime', ['shell', '--command=exit 7'], { env })).code, 7);
        assert.equal((await made.run('prime', ['shell', '-c', ''], { env })).code, 0, 'an empty line is one');
        const pipe = await piped(made, ['shell'], 'own-tool\nexit 5\n', env);
        assert.deepEqual([pipe.code, pipe.stdout, pipe.stderr], [5, 'tool\n', '']);
        // Node ignores SIGPIPE; what it starts must not.
        const closed = await made.run('prime', ['shell', '-c', 'yes | head -n 1'], { env });
        assert.deepEqual([closed.code, closed.stdout, closed.stderr], [0, 'y\n', '']);

        // On a terminal the user's files are read, and PATH is set after them.
        const typed = `own-tool\necho "is $GREETING"\nexit 6\n`;
        const terminal = spawnSync('script', ['-qec', `${path.join(made.root, 'prime')} shell`, '/dev/null'], {
          cwd: made.root,
          env: { ...made.env, ...env, TERM: 'dumb' },
          input: typed,
          encoding: 'utf8',
          timeout: 200_000,
        });
        assert.equal(terminal.status, 6, terminal.stdout);
        assert.match(terminal.stdout, /noise[^]*\btool\r?\n[^]*is hello/);
      },
    );

  test('shell refuses what is no shell, prepares first, and is the state shell of the repository where there is one', async () => {
    const made = client(
      `const env = envFile();
      export const states = [shell({ program: 'bash', parents: [env], env: ({ envFile: values }) => values })];`,
      testNode('20.20.2'),
    );
    writeFileSync(path.join(made.root, '.env.example'), 'PORT=80\n');
    const first = await made.run('prime', ['shell', '-c', 'echo "$PORT"'], { env: { SHELL: '/bin/false' } });
    assert.deepEqual([first.code, first.stdout], [0, '80\n'], first.stderr);
    assert.match(first.stderr, /packages: /);
    assert.doesNotMatch(first.stderr, /built: /, 'only what the state needs');
    const target = await made.run('prime', ['--target', 'shell'], { env: {} });
    assert.equal(target.code, 0, target.stderr);
    const plain = await prepared(client());
    const refused = await plain.run('prime', ['shell', '-c', 'true'], { env: { SHELL: '/bin/tcsh' } });
    assert.equal(refused.code, 2);
    assert.match(
      refused.stderr,
      /PRIME_USAGE {2}\/bin\/tcsh is no shell that is known here\n.*SHELL=\/bin\/tcsh\n.*SHELL=\/bin\/bash \.\/prime shell/,
    );
    assert.equal((await plain.run('prime', ['shell', '-c'])).code, 2);
    assert.equal((await plain.run('prime', ['boot', '-c', 'true'])).code, 2, '-c belongs to shell');
  });

  test('a start that does something leaves one log of all its hops, with what tools said and without secrets; one with nothing to do leaves none', async () => {
    const made = client(
      `export const states = [defineState('talks', { does: 'x', reach: async (context) => {
        context.log('a line of its own');
        await context.run('node', ['-e', 'console.log("out _authToken=abc"); console.error("err"); process.stdout.write("no end")']);
        writeFileSync('logfile', context.logFile);
      } })];`,
      testNode('20.20.2'),
    );
    assert.equal((await made.run('prime')).code, 0);
    const [name = ''] = logs(made);
    assert.deepEqual(logs(made).length, 1, 'both hops share it');
    assert.match(name, /^\d{8}T\d{6}Z\.\d+\.log$/);
    const text = readFileSync(path.join(made.root, '.prime/logs', name), 'utf8');
    assert.equal(statSync(path.join(made.root, '.prime/logs', name)).mode & 0o777, 0o600);
    assert.match(
      text,
      /^\S+Z prime in \S+, kernel proto_kernel\.cjs, Node 20\.20\.2 [^]*Z node [^]*Z run \S+ .* ci [^]*Z packages: 1 entries[^]*Z built: 1 steps\n$/,
    );
    assert.equal((await made.run('prime')).code, 0);
    assert.equal(logs(made).length, 1);
    assert.equal((await made.run('prime', ['--target', 'talks', '-q'])).stderr, '');
    const second = readFileSync(path.join(made.root, 'logfile'), 'utf8');
    const said = readFileSync(second, 'utf8');
    assert.match(
      said,
      /Z talks: a line of its own\n\S+ talks: node -e [^]*Z {3}out _authToken=\*\*\*\n[^]*Z {3}no end\n[^]*node: exit code 0\n/,
    );
    for (let i = 0; i < 12; i++) writeFileSync(path.join(made.root, `.prime/logs/20200101T00000${i % 10}Z.${i}.log`), '');
    assert.equal((await made.run('prime', ['--target', 'talks'])).code, 0);
    assert.equal(logs(made).length, 10, 'old ones go');
  });

  test('an error names the log, and a tool that failed gives its exit code; a log that cannot be written stops nothing', async () => {
    const made = await prepared(
      client(
        `const run = (name, line) => defineState(name, { does: 'x', unlocked: true, reach: (context) => context.run('sh', ['-c', line]) });
        export const states = [run('three', 'echo broken >&2; exit 3'), run('killed', 'kill -9 $$'), run('gone', 'exec /no/such/program'), run('fine', 'true')];`,
      ),
    );
    const three = await made.run('prime', ['--target', 'three']);
    assert.equal(three.code, 3);
    const [, log = ''] = /log {4}(\S+)\n/.exec(three.stderr) ?? [];
    assert.match(readFileSync(log, 'utf8'), / {2}broken\n[^]*sh: exit code 3\n[^]*PRIME_STATE_FAILED/);
    assert.equal((await made.run('prime', ['--target', 'killed'])).code, 137);
    assert.equal((await made.run('prime', ['--target', 'gone'])).code, 127);
    rmSync(path.join(made.root, '.prime/logs'), { recursive: true });
    writeFileSync(path.join(made.root, '.prime/logs'), 'in the way');
    const fine = await made.run('prime', ['--target', 'fine', '-v']);
    assert.equal(fine.code, 0, fine.stderr);
    assert.match(fine.stderr, /no log is kept: /);
    const wrong = await made.run('prime', ['--target', 'three']);
    assert.equal(wrong.code, 3);
    assert.doesNotMatch(wrong.stderr, /log {4}/);
  });

  test('a start with nothing to do reads no lockfile and loads little; what changed without another size or time is noticed all the same', async () => {
    const made = client();
    const config = JSON.parse(readFileSync(path.join(made.root, 'prime.config.json'), 'utf8')) as Record<string, unknown>;
    const loaded =
      'console.log(JSON.stringify(process.moduleLoadList.filter((name) => /^NativeModule (?:crypto|child_process|net|tty|zlib)$/.test(name))));\n';
    writeFileSync(path.join(made.root, 'loaded.mjs'), loaded);
    const apps = { resprout: { main: 'loaded.mjs', target: 'packages', does: 'x' } };
    writeFileSync(path.join(made.root, 'prime.config.json'), JSON.stringify({ ...config, built: undefined, apps }, null, 2));
    assert.equal((await made.run('resprout')).code, 0);
    const facts = path.join(made.root, '.prime/facts');
    // What is noted is only believed of files that have been as they are for a while.
    await until(
      'the next start can note what files are like',
      async () => (await made.run('resprout')).code === 0 && existsSync(facts),
      60_000,
    );
    const bare = spawnSync(process.execPath, ['loaded.mjs'], { cwd: made.root, encoding: 'utf8' }).stdout;
    assert.deepEqual(JSON.parse((await made.run('resprout')).stdout), JSON.parse(bare));
    const lockfile = path.join(made.root, 'package-lock.json');
    const text = readFileSync(lockfile, 'utf8');
    const { atime, mtime } = statSync(lockfile);
    writeFileSync(lockfile, text.replace('"requires": true', '"requires": null'));
    utimesSync(lockfile, atime, mtime);
    assert.equal(readFileSync(lockfile).length, text.length);
    assert.match((await made.run('resprout')).stderr, /packages: installing/);
    for (const noise of ['', '{', 'null', '{"key":"x","texts":[],"files":[],"facts":[]}']) {
      writeFileSync(facts, noise);
      assert.deepEqual([(await made.run('resprout')).code, (await made.run('prime', ['check'])).code], [0, 0], noise);
    }
  });
});
