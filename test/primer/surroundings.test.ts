// What a user's environment, settings, file systems and clocks do to the primer: nothing, or an error that says what to mend.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { needs } from '../support/needs.ts';
import { missingNodes, testNode } from '../support/nodes.ts';
import { collect, type Client, type Ended } from './support/client.ts';
import { useWorkshop } from './support/workshop.ts';

/** A user id that no list knows. It may read what root may: the Nodes of these tests lie in its home. */
const READS = '+dac_read_search';
const STRANGER = ['--reuid', '54321', '--regid', '54321', '--clear-groups', '--inh-caps', READS, '--ambient-caps', READS];

describe('the primer', { skip: missingNodes('20.20.2') }, () => {
  const workshop = useWorkshop(testNode('20.20.2'));
  const client = (): Client => workshop.client();
  const tiny = (made: Client): string => path.join(made.root, 'node_modules/tiny/package.json');
  /** Runs a program in the clone; the registry, which lives in this process, goes on meanwhile. */
  const start = (made: Client, file: string, args: readonly string[], env: Readonly<Record<string, string>> = made.env): Promise<Ended> =>
    collect(spawn(file, args, { cwd: made.root, env, stdio: ['ignore', 'pipe', 'pipe'] }));
  const settings = (made: Client, text: string): void => writeFileSync(path.join(made.home, '.npmrc'), text);

  test('installs what the lockfile says, whatever NODE_ENV and the npm settings of the user leave out or turn off', async () => {
    const made = client();
    const manifest = path.join(made.root, 'package.json');
    writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('"dependencies"', '"devDependencies"'));
    const lockfile = path.join(made.root, 'package-lock.json');
    writeFileSync(
      lockfile,
      readFileSync(lockfile, 'utf8')
        .replace('"dependencies"', '"devDependencies"')
        .replace('"hasInstallScript"', '"dev": true, "hasInstallScript"'),
    );
    const texts = [
      '',
      'omit=dev',
      'only=prod',
      'dry-run=true',
      'package-lock-only=true',
      'global=true',
      'location=global',
      'workspaces=true',
      'install-strategy=linked',
    ];
    for (const text of texts) {
      settings(made, `${text}\n`);
      rmSync(path.join(made.root, 'node_modules'), { recursive: true, force: true });
      const ended = await made.run('prime', ['--target', 'packages'], { env: { NODE_ENV: 'production', npm_config_omit: 'dev' } });
      assert.equal(ended.code, 0, `${text}: ${ended.stderr}`);
      assert.equal(existsSync(tiny(made)), true, text);
      assert.equal((await made.run('prime', ['--target', 'packages'])).stderr, '', text);
    }
    assert.equal(existsSync(path.join(made.home, '.cache/prime/npm-cache/_logs')), false, 'no log of npm is kept');
  });

  test('believes no installer that leaves something out', async () => {
    const made = client();
    assert.equal((await made.run('prime', ['--target', 'packages'])).code, 0);
    // An optional package for this very system that the registry does not have: npm leaves it out and says nothing.
    const wanted = { bind: '1.0.0' };
    const change = (name: string, mend: (value: Record<string, unknown>) => void): void => {
      const file = path.join(made.root, name);
      const value = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
      mend(value);
      writeFileSync(file, JSON.stringify(value, null, 2));
    };
    change('package.json', (manifest) => Object.assign(manifest, { optionalDependencies: wanted }));
    change('package-lock.json', (lock) => {
      const packages = lock['packages'] as Record<string, Record<string, unknown>>;
      Object.assign(packages[''] ?? {}, { optionalDependencies: wanted });
      const { integrity } = workshop.registry.tiny;
      packages['node_modules/bind'] = { version: '1.0.0', integrity, optional: true, os: [process.platform], cpu: [process.arch] };
    });
    const ended = await made.run('prime', ['--target', 'packages']);
    assert.equal(ended.code, 4, ended.stderr);
    assert.match(ended.stderr, /PRIME_INSTALL_FAILED[^]*bind@1\.0\.0 \(not there\)/);
    assert.equal(existsSync(tiny(made)), true, 'what was there is kept');
    change('package-lock.json', (lock) => {
      const packages = lock['packages'] as Record<string, Record<string, unknown>>;
      Object.assign(packages['node_modules/bind'] ?? {}, { os: ['aix'] });
    });
    assert.equal((await made.run('prime', ['--target', 'packages'])).code, 0, 'one for another system may be missing');
  });

  test('notices a package and an output that are not as they were left, and mends them without being told', async () => {
    const made = client();
    assert.equal((await made.run('resprout')).code, 0);
    rmSync(path.join(made.root, 'node_modules/tiny'), { recursive: true });
    const healed = await made.run('resprout');
    assert.match(healed.stdout, /"tiny":42/, healed.stderr);
    writeFileSync(path.join(made.root, 'out/main.mjs'), '');
    const mended = await made.run('resprout');
    assert.match(mended.stderr, /removing what is not as it was built/);
    assert.match(mended.stdout, /"tiny":42/);
    assert.equal((await made.run('resprout')).stderr, '');
  });

  test('asks the registry again when its cache is older than the lockfile', async () => {
    const made = client();
    assert.equal((await made.run('prime', ['--target', 'packages'])).code, 0);
    const raised = workshop.registry.publish('1.1.0');
    for (const name of ['package.json', 'package-lock.json']) {
      const file = path.join(made.root, name);
      const text = readFileSync(file, 'utf8').replaceAll('"tiny": "1.0.0"', '"tiny": "1.1.0"');
      writeFileSync(
        file,
        text
          .replace('"version": "1.0.0",\n      "integrity"', '"version": "1.1.0",\n      "integrity"')
          .replace(workshop.registry.tiny.integrity, raised),
      );
    }
    const ended = await made.run('prime', ['--target', 'packages']);
    assert.equal(ended.code, 0, ended.stderr);
    assert.equal((JSON.parse(readFileSync(tiny(made), 'utf8')) as { version: string }).version, '1.1.0');
  });

  test('shows no password of a registry, in errors, with --verbose, and in no file', async () => {
    const made = client();
    const { host } = new URL(workshop.registry.url);
    settings(made, `registry=http://bob:geheim@${host}/404/\n`);
    const ended = await made.run('prime', ['--verbose'], { env: { npm_config_globalconfig: '/nowhere' } });
    assert.equal(ended.code, 4);
    assert.doesNotMatch(ended.stderr + ended.stdout, /geheim/);
    assert.match(ended.stderr, /\*\*\*@/);
    for (const folder of [path.join(made.home, '.cache'), path.join(made.root, '.prime')]) {
      const found = spawnSync('grep', ['-r', 'geheim', folder], { encoding: 'utf8' });
      assert.equal(found.stdout, '');
    }
  });

  test('takes a lock whose time lies in the future after a minute without a beat', { timeout: 300_000 }, async () => {
    const made = client();
    mkdirSync(path.join(made.root, '.prime'));
    const lock = path.join(made.root, '.prime/prime.lock.1');
    writeFileSync(lock, JSON.stringify({ pid: 4242, started: '1', host: 'pi x', released: false }));
    const later = Date.now() / 1000 + 3 * 3600;
    utimesSync(lock, later, later);
    const startedMs = performance.now();
    const ended = await made.run('resprout');
    assert.equal(ended.code, 0, ended.stderr);
    assert.match(ended.stderr, /waiting for process 4242 on pi/);
    assert.ok(performance.now() - startedMs > 60_000);
  });

  test('says what the system refuses, where and what to do, never INTERNAL', async () => {
    const made = client();
    mkdirSync(path.join(made.root, '.prime/prime.lock.1'), { recursive: true });
    const squatted = await made.run('resprout');
    assert.equal(squatted.code, 4);
    assert.match(squatted.stderr, /PRIME_IO {2}the system refuses .*\n[^]*prime\.lock\.1[^]*Something else lies at that place/);
    rmSync(path.join(made.root, '.prime'), { recursive: true });
    writeFileSync(path.join(made.root, '.prime'), '');
    const file = await made.run('resprout');
    assert.match(file.stderr, /PRIME_IO {2}the system refuses \w+ at \S+\.prime/);
    rmSync(path.join(made.root, '.prime'));
    assert.equal((await made.run('resprout')).code, 0);
  });

  test('leaves nothing that others may write to, whatever the umask', async () => {
    const made = client();
    const ended = await start(made, 'sh', ['-c', 'umask 000; exec ./resprout']);
    assert.equal(ended.code, 0, ended.stderr);
    const open = spawnSync('find', ['.prime', 'node_modules', '-perm', '-002', '!', '-type', 'l'], { cwd: made.root, encoding: 'utf8' });
    assert.equal(open.stdout, '');
  });

  describe('where mounts can be made', { skip: needs('root', 'linux', { program: 'strace', debianPackage: 'strace' }) }, () => {
    /** Runs a script in a mount namespace of its own. */
    const apart = (made: Client, script: string): Promise<Ended> =>
      start(made, 'unshare', ['-m', 'sh', '-ec', script], { ...made.env, LAYERS: path.join(made.home, 'layers') });

    test('installs into a node_modules that is a mount', async () => {
      const made = client();
      mkdirSync(path.join(made.root, 'node_modules'));
      const ended = await apart(
        made,
        'mount -t tmpfs t node_modules; echo old >node_modules/old; ./resprout; ./resprout 2>&1; ls node_modules',
      );
      assert.equal(ended.code, 0, ended.stderr);
      assert.match(ended.stdout, /"tiny":42[^]*"tiny":42[^]*\ntiny\n$/);
      assert.doesNotMatch(ended.stdout, /old\n/);
    });

    test('installs over what a lower layer of a container has', async () => {
      const made = client();
      assert.equal((await made.run('resprout')).code, 0);
      const script = [
        'mkdir -p "$LAYERS"; mount -t tmpfs t "$LAYERS"; mkdir "$LAYERS/upper" "$LAYERS/work"',
        'mount -t overlay o -o "lowerdir=$PWD,upperdir=$LAYERS/upper,workdir=$LAYERS/work" "$PWD"; cd "$PWD"',
        'echo >>package-lock.json; ./resprout; ./resprout 2>&1',
      ].join('\n');
      const ended = await apart(made, script);
      assert.equal(ended.code, 0, ended.stderr);
      assert.match(ended.stderr, /packages: /);
      assert.equal(ended.stdout.split('"tiny":42').length, 3, ended.stdout);
    });

    test('has one owner at a time where /proc is missing', async () => {
      const made = client();
      writeFileSync(path.join(made.root, 'src/delay.txt'), '3000\n');
      const ended = await apart(made, 'mount -t tmpfs t /proc; ./resprout a & ./resprout b & wait; ./resprout c 2>&1');
      assert.equal(ended.code, 0, ended.stderr);
      assert.equal(ended.stdout.split('"tiny":42').length, 4, ended.stdout + ended.stderr);
      assert.equal(readFileSync(path.join(made.root, 'builds.log'), 'utf8').trim().split('\n').length, 1);
      assert.match(ended.stderr, /waiting for process/);
    });

    test('prepares where no hard link can be made', async () => {
      const made = client();
      const inject = ['-e', 'trace=link,linkat', '-e', 'inject=link,linkat:error=EPERM'];
      const traced = await start(made, 'strace', ['-f', '-o', '/dev/null', ...inject, './resprout']);
      assert.equal(traced.code, 0, traced.stderr);
      assert.match(traced.stdout, /"tiny":42/);
    });

    test('says that a tree is read-only, and runs one that was prepared before', async () => {
      const made = client();
      const readOnly = 'mount --bind "$PWD" "$PWD"; mount -o remount,bind,ro "$PWD"; cd "$PWD"; ./resprout';
      const refused = await apart(made, readOnly);
      assert.equal(refused.code, 4, refused.stderr);
      assert.match(refused.stderr, /PRIME_IO[^]*EROFS[^]*read-only/);
      assert.equal((await made.run('resprout')).code, 0);
      const ended = await apart(made, readOnly);
      assert.equal(ended.code, 0, ended.stderr);
      assert.match(ended.stdout, /"tiny":42/);
    });

    test('works for a user without home, name and rights outside the clone', async () => {
      const made = client();
      const env = Object.fromEntries(Object.entries(made.env).filter(([name]) => name !== 'HOME'));
      chmodSync(made.root, 0o755);
      spawnSync('chown', ['-R', '54321:54321', made.root]);
      for (const folder of [path.dirname(made.home), made.home]) chmodSync(folder, 0o755);
      const ended = await start(made, 'setpriv', [...STRANGER, './resprout'], env);
      assert.equal(ended.code, 0, ended.stderr);
      assert.deepEqual(readdirSync(path.join(made.root, '.prime/cache')).includes('npm'), true);
    });
  });
});
