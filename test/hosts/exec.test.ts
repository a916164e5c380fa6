// `resprout exec`: exit codes, streams, terminals, many targets, and that nothing is left however it ends.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { CLI, Shop, jsonOf, nothingLeft } from '../cli/support/cli.ts';
import { Pty, noPty } from '../cli/support/pty.ts';
import { missingNodes, testNode } from '../support/nodes.ts';
import { until } from '../support/until.ts';

const shop = new Shop({
  'resprout.config.json': JSON.stringify({ groups: { n: ['local:n-{1..4}'], some: ['@n', 'local:d?node=/no/node'] } }),
});
after(() => shop[Symbol.dispose]());

/** The interpreter itself: what is on PATH may be a script that asks for more. */
const PYTHON = noPty === false ? execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim() : '';

const sh = (text: string): readonly string[] => ['--', 'sh', '-c', text];

test('exec: passes what the command reads and writes, and ends with its exit code', async () => {
  const [out, code, missing, folder, killed, odd] = await Promise.all([
    shop.run(['exec', 'local:', ...sh('tr a-z A-Z; echo err >&2')], { stdin: 'some words\n' }),
    shop.run(['exec', 'local:', ...sh('exit 7')]),
    shop.run(['exec', 'local:', '--', 'no-such-program']),
    shop.run(['exec', 'local:', '--', '.']),
    shop.run(['exec', 'local:', ...sh('kill -9 $$')]),
    shop.run(['exec', 'local:', '--', 'printf', '%s|', "a'b", '$HOME', '', 'x y', '-n', '--', '*']),
  ]);
  assert.deepEqual([out.exit, out.out, out.err], [0, 'SOME WORDS\n', 'err\n']);
  assert.equal(code.exit, 7);
  assert.deepEqual([missing.exit, missing.out, missing.err], [127, '', 'local | there is no program "no-such-program"\n']);
  assert.equal(folder.exit, 126);
  assert.equal(killed.exit, 137);
  assert.equal(odd.out, "a'b|$HOME||x y|-n|--|*|");
});

test('exec: bytes arrive as they are, many of them', async () => {
  const ended = await shop.run(['exec', 'local:', ...sh('head -c 3000000 /dev/zero; printf "\\377\\376\\000"')]);
  assert.equal(ended.bytes.length, 3_000_003);
  assert.deepEqual([...ended.bytes.subarray(-3)], [255, 254, 0]);
});

test('exec: --json is one value; --timeout ends the command', async () => {
  const json = await shop.run(['exec', 'local:', '--json', ...sh('echo out; echo err >&2; exit 3')]);
  assert.equal(json.exit, 3);
  assert.deepEqual(jsonOf(json).value, { stdout: 'out\n', stderr: 'err\n', exitCode: 3, signal: null });
  const late = await shop.run(['exec', 'local:', '--timeout', '300ms', '--json', '--', 'sleep', '1000']);
  assert.equal(jsonOf(late).problem?.code, 'COMMAND_TIMEOUT');
  await nothingLeft(shop.folder);
});

test('exec: what cannot be understood is refused, and nothing runs', async () => {
  const refusals: readonly (readonly string[])[] = [
    ['local:', 'ls'],
    ['--', 'ls'],
    ['local:', '--'],
    ['nowhere', '--', 'ls'],
    ['@n', '-t', '--', 'ls'],
    ['local:', '-t', '--json', '--', 'ls'],
  ];
  for (const args of refusals) assert.equal((await shop.run(['exec', ...args])).exit, 2, args.join(' '));
});

test('exec on many: each line has the name of its target on the stream it was written to; one block for each failure', async () => {
  const { exit, out, err } = await shop.run(['exec', '@some', ...sh('echo one; echo two; echo bad >&2; printf half; exit 3')]);
  assert.equal(exit, 4);
  const lines = [1, 2, 3, 4].flatMap((n) => ['half', 'one', 'two'].map((word) => `n-${n} | ${word}`));
  assert.deepEqual(out.trimEnd().split('\n').toSorted(), lines);
  for (const n of [1, 2, 3, 4]) assert.match(err, new RegExp(`^n-${n} \\| bad$`, 'm'));
  assert.match(err, /^✖ COMMAND_FAILED {2}sh ended with exit code 3\n {3}on {5}n-1, n-2, n-3, n-4 \(4 targets\)\n.*\n {3}saw {4}bad$/m);
  assert.match(err, /^✖ REMOTE_NODE_MISSING .*\n {3}on {5}d$/m);
  const good = await shop.run(['exec', '@n', '--json', '--limit', '2', ...sh('cat; echo $0')]);
  assert.deepEqual([good.exit, (jsonOf(good).value as unknown as unknown[]).length], [0, 2]);
});

test('exec: ^C reaches nothing that it should not: the command ends there, and so does all that it started', async () => {
  const started = shop.start(['exec', 'local:', ...sh('(sleep 1000 & sleep 1000) & echo runs; wait')], { stdin: null });
  await started.until('runs');
  started.kill('SIGINT');
  const { exit } = await started.ended;
  assert.equal(exit, 1);
  await nothingLeft(shop.folder);
});

for (const end of ['SIGKILL', 'SIGTERM'] as const)
  test(`exec: ${end} in the middle leaves nothing there, with a terminal and without`, { skip: noPty }, async () => {
    const plain = shop.start(['exec', '@n', ...sh('echo runs; sleep 1000')]);
    await until('all run', () => plain.out.split('runs').length === 5);
    plain.kill(end);
    await plain.ended;
    await nothingLeft(shop.folder);
    const terminal = shop.start(['exec', 'local:', '-t', ...sh('echo runs; sleep 1000')], { stdin: null });
    await terminal.until('runs');
    terminal.kill(end);
    await terminal.ended;
    await nothingLeft(shop.folder);
  });

const MODES = '"$@"; echo "ended $?"; stty -a';

test(
  'exec -t: a terminal there with its size, keys go there as they are, ^C too, and the terminal here is put back',
  { skip: noPty },
  async () => {
    const program = [
      'test -t 0 && test -t 1 && test -t 2 && stty size',
      'while ! stty size | grep -q "15 70"; do sleep 0.05; done; echo resized',
      'trap "echo interrupted" INT; cat',
      'exit 9',
    ];
    using pty = new Pty(shop, ['exec', 'local:', '-t', ...sh(program.join('; '))], { columns: 90, rows: 20, shell: MODES });
    await pty.until('20 90');
    pty.resize(70, 15);
    await pty.until('resized');
    pty.keys('typed\r');
    await pty.untilScreen(/typed\ntyped/);
    pty.keys('\u0003');
    await pty.until('interrupted');
    await pty.until('ended 9');
    assert.equal(await pty.ended, 0, pty.raw);
    assert.match(pty.raw, / icanon .* echo /s);
    await nothingLeft(shop.folder);
  },
);

test(
  'exec -t: the terminal here is put back when the command is ended from outside, and when the connection is',
  { skip: noPty },
  async () => {
    for (const signal of ['SIGTERM', 'SIGHUP'] as const) {
      // By a name of its own: the command of the round before may be ending still.
      using pty = new Pty(shop, ['exec', `local:${signal}`, '-t', ...sh('echo runs; sleep 1000')], { shell: MODES });
      await pty.until('runs');
      process.kill(commandLine(`exec local:${signal}`), signal);
      await pty.until('ended 1');
      assert.equal(await pty.ended, 0, pty.raw);
      assert.match(pty.raw, / icanon .* echo /s, signal);
    }
    using pty = new Pty(shop, ['exec', 'local:', '-t', ...sh('echo runs; kill -9 $(ps -o ppid= -p $PPID); sleep 1000')], {
      shell: MODES,
    });
    await pty.until('ended');
    assert.equal(await pty.ended, 0, pty.raw);
    assert.match(pty.raw, / icanon .* echo /s);
    await nothingLeft(shop.folder);
  },
);

test('exec -t: without perl the terminal comes from python3, and without both that is said', { skip: noPty }, async () => {
  const bin = shop.program.path('bin');
  mkdirSync(bin);
  for (const name of ['sh', 'stty']) symlinkSync(execFileSync('which', [name], { encoding: 'utf8' }).trim(), join(bin, name));
  const asked = ['exec', 'local:', '-t', '--', 'sh', '-c', 'test -t 0 && stty size'];
  const without = await shop.run(asked, { env: { PATH: bin } });
  assert.equal(without.exit, 127);
  assert.match(without.err, /local \| there is neither perl nor python3 to make a terminal with/);
  symlinkSync(PYTHON, join(bin, 'python3'));
  const withPython = await shop.run(asked, { env: { PATH: bin } });
  assert.deepEqual([withPython.exit, withPython.out], [0, '24 80\r\n'], withPython.err);
});

/** Pid of the command that runs here with these words. */
function commandLine(words: string): number {
  const found = readdirSync('/proc').filter((pid) => {
    try {
      const [file = '', ...args] = readFileSync(join('/proc', pid, 'cmdline'), 'utf8').split('\0');
      return file === process.execPath && args.join(' ').includes(words);
    } catch {
      // No process, or one that has gone.
      return false;
    }
  });
  assert.equal(found.length, 1, found.join(' '));
  return Number(found[0]);
}

test('exec: a command whose reader has gone is ended, as SIGPIPE would end it here', async () => {
  for (const asked of [
    ['exec', 'local:'],
    ['exec', '@n', '--plain'],
  ]) {
    const script = `"$@" </dev/null | head -n 1; echo "$?"`;
    const child = spawn('bash', ['-c', script, 'sh', process.execPath, CLI, ...asked, '--', 'yes'], {
      cwd: shop.folder,
      env: shop.env(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    child.stdout.on('data', (bytes: Buffer) => (out += bytes.toString()));
    await new Promise((resolve) => child.once('close', resolve));
    assert.match(out, /^(?:n-\d \| )?y\n0\n$/);
    await nothingLeft(shop.folder);
  }
});

test('exec: what is not read is not kept: a command that writes without end waits', async () => {
  const started = shop.start(['exec', 'local:', '--', 'yes'], { stdin: null });
  started.child.stdout?.pause();
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const kilobytes = Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${started.pid}/status`, 'utf8'))?.[1]);
  started.child.stdout?.resume();
  started.kill('SIGTERM');
  await started.ended;
  assert.ok(kilobytes < 300_000, `${kilobytes} KiB`);
  await nothingLeft(shop.folder);
});

test('exec, doctor and calls on many with the oldest Node that a far side may have', { skip: missingNodes('22.18.0') }, async () => {
  const old = `local:o-{1..2}?node=${encodeURIComponent(testNode('22.18.0'))}`;
  const run = await shop.run(['exec', old, ...sh('echo yes')]);
  assert.deepEqual([run.exit, run.out.trimEnd().split('\n').toSorted()], [0, ['o-1 | yes', 'o-2 | yes']], run.err);
  const terminal = await shop.run(['exec', old.replace('{1..2}', '1'), '-t', ...sh('stty size')]);
  assert.deepEqual([terminal.exit, terminal.out], [0, '24 80\r\n'], terminal.err);
  const doctor = await shop.run(['doctor', old]);
  assert.equal(doctor.exit, 0, doctor.out);
  assert.match(doctor.out, /✔ Node {11}\S+ v22\.18\.0/);
});
