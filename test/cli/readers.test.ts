// Readers of stdout that go away, and disks that are full, while a program prints more than a pipe holds.
import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { until } from '../support/until.ts';
import { CLI, Shop } from './support/cli.ts';
import { journalOf } from './support/journal.ts';

const shop = new Shop({
  'many.ts': "export default async () => { for (let i = 0; i < 2000; i++) console.log('line', i, 'x'.repeat(200)); };",
  'slow.ts': `
    export default async function () {
      for (let i = 0; i < 20; i++) {
        console.log('line', i);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }`,
  'floods.ts': `
    export default async function () {
      for (let i = 0; ; i++) {
        console.log('line', i, 'x'.repeat(20_000));
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    }`,
  'endless.ts': `
    export default async function () {
      for (let i = 0; ; i++) {
        console.log('line', i, 'x'.repeat(2000));
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    }`,
});
after(() => shop[Symbol.dispose]());

/** Runs a line of shell in which `resprout` is the command line. Killed after 200 s. */
async function shell(line: string): Promise<{ readonly exit: number | null; readonly out: string; readonly err: string }> {
  const child = spawn('bash', ['-c', `resprout() { "$NODE" "$CLI" "$@"; }\nset -o pipefail\n${line}`], {
    cwd: shop.folder,
    env: shop.env({ NODE: process.execPath, CLI }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (bytes: Buffer) => (out += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (err += bytes.toString()));
  const limit = setTimeout(() => child.kill('SIGKILL'), 200_000);
  const exit = await new Promise<number | null>((resolve) => child.on('close', resolve));
  clearTimeout(limit);
  return { exit, out, err };
}

test('run: a reader that goes away amid more than a pipe holds ends nothing: the program ends, then the command', async () => {
  const fast = await shell('resprout run many.ts | head -2');
  assert.deepEqual([fast.exit, fast.out.split('\n').length], [0, 3], fast.err);
  assert.match(fast.err, /✔ done/);
  const slow = await shell('resprout run slow.ts | head -1');
  assert.deepEqual([slow.exit, slow.out], [0, 'line 0\n'], slow.err);
  assert.match(slow.err, /✔ done/);
});

test('run: a full disk behind stdout is OUTPUT_IO, however much the program prints, and the session is done', async () => {
  const { exit, err } = await shell('resprout run many.ts > /dev/full');
  assert.equal(exit, 4, err);
  assert.match(err, /✔ done/);
  assert.match(err, /^✖ OUTPUT_IO {2}standard output could not be written\n(.*\n)* {3}saw {4}ENOSPC/m);
});

test('run: ^C parks a program whose reader has gone', async () => {
  const started = shop.start(['run', 'endless.ts', '--grace', '1s']);
  const { stdout } = started.child;
  if (stdout === null) throw new Error('stdout is not a pipe');
  await once(stdout, 'data');
  stdout.destroy();
  await new Promise((resolve) => setTimeout(resolve, 500));
  started.child.kill('SIGINT');
  const { exit, err } = await started.ended;
  assert.equal(exit, 3, err);
  assert.match(err, /resprout resume ses_/);
});

/** A run of a program that prints for ever, into a pipe that nobody reads, as far as it has a session. Killed after 200 s. */
async function unread() {
  const started = spawn(process.execPath, [CLI, 'run', 'floods.ts', '--grace', '1s'], {
    cwd: shop.folder,
    env: shop.env(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  started.stderr.on('data', (bytes: Buffer) => (text += bytes.toString()));
  const limit = setTimeout(() => started.kill('SIGKILL'), 200_000);
  started.once('exit', () => clearTimeout(limit));
  await until('a session', () => /session ses_\w{26}\n/.test(text));
  return { started, id: /session (ses_\w{26})/.exec(text)?.[1] ?? '', err: () => text };
}

test('a reader that takes nothing is waited for, and no longer than the grace once somebody asks for the end', async () => {
  const endWith = async (signals: readonly NodeJS.Signals[]): Promise<void> => {
    const { started, id, err } = await unread();
    const said = once(started.stderr, 'close');
    // A timer, and that it was due, for each line: more than any pipe holds.
    await until('a full pipe', () => journalOf(shop, id).events.length > 120);
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.equal(started.exitCode, null, err());
    for (const signal of signals) {
      started.kill(signal);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    const ended = started.exitCode === null ? ((await once(started, 'exit')) as [number | null]) : [started.exitCode];
    started.stdout.destroy();
    await said;
    assert.equal(ended[0], 3, err());
    assert.match(err(), /⚠ whoever reads standard output took nothing/);
    assert.match(err(), /resprout resume ses_/);
  };
  await Promise.all([endWith(['SIGTERM']), endWith(['SIGINT']), endWith(['SIGINT', 'SIGINT', 'SIGINT'])]);
});

test('a reader that takes nothing holds the program up, which goes on when it reads', async () => {
  const { started, id, err } = await unread();
  const count = (): number => journalOf(shop, id).events.length;
  // 8 MiB in lines of 20 KB, a timer and its end each, and what the pipes hold.
  let [before, now] = [-1, 0];
  await until('a standstill', async () => {
    [before, now] = [now, count()];
    await new Promise((resolve) => setTimeout(resolve, 2000));
    return before > 400 && before === now;
  });
  assert.ok(now < 2000, `${now} events`);
  started.stdout.resume();
  await until('more events', () => count() > now + 200);
  started.kill('SIGTERM');
  const [exit] = (await once(started, 'close')) as [number | null];
  assert.equal(exit, 3, err());
});

test('a long history is handed to its runner without a warning of Node', async () => {
  shop.program.write('blob', 'b'.repeat(1_000_000));
  shop.program.write(
    'reads.ts',
    `import { existsSync, readFileSync } from 'node:fs';
    export default async function () {
      let read = 0;
      for (let i = 0; i < 30; i++) read += readFileSync('blob').length;
      console.log('read');
      while (!existsSync('go')) await new Promise((resolve) => setTimeout(resolve, 200));
      return read;
    }`,
  );
  const run = shop.start(['run', 'reads.ts']);
  await run.until(/^read$/m);
  run.kill('SIGKILL');
  await run.ended;
  shop.program.write('go', '');
  const id = shop.ids().at(-1) ?? '';
  const { exit, out, err } = await shop.run(['resume', id]);
  assert.equal(exit, 0, err);
  assert.match(out, /^30000000$/m);
  assert.doesNotMatch(err, /Warning/);
});

test('show and logs that follow a session end when their reader has gone, and leave the session alone', async () => {
  const run = shop.start(['run', 'endless.ts', '--session', `ses_${'0'.repeat(26)}`]);
  await run.until('line 1');
  for (const line of ['show last --follow', 'show last --follow --json', 'logs last --follow', 'logs last --follow --json']) {
    const { exit, err } = await shell(`resprout ${line} | head -1`);
    assert.deepEqual([exit, err], [0, ''], line);
  }
  run.kill('SIGTERM');
  assert.equal((await run.ended).exit, 3);
});
