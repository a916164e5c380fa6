// Programs as processes, started by the command: exit codes, signals, standard input.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Shop, nothingLeft, type Ended } from '../cli/support/cli.ts';

const PLAIN = `const { default: main } = await import(process.argv[1]); await main();`;

/** What plain Node makes of a program: its code and what it prints. */
async function plain(shop: Shop, file: string): Promise<{ readonly code: number | null; readonly out: string }> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', PLAIN, join(shop.folder, file)], {
    cwd: shop.folder,
    env: shop.env(),
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let out = '';
  child.stdout.on('data', (bytes: Buffer) => {
    out += bytes.toString();
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, out };
}

const ENDS: Readonly<Record<string, string>> = {
  'exit-code.ts': `export default async () => { process.on('exit', (code) => console.log('exit', code)); process.exitCode = 5; };`,
  'exit.ts': `export default async () => { process.on('exit', (code) => console.log('exit', code)); await null; try { process.exit(7); } finally { console.log('finally'); } };`,
  'thrown.ts': `export default async () => { process.on('exit', (code) => console.log('exit', code)); await null; throw new Error('x'); };`,
  'stalled.ts': `export default async () => { process.on('exit', (code) => console.log('exit', code)); await new Promise(() => {}); };`,
  'caught.ts': `export default async () => {
    process.on('uncaughtException', (error) => console.log('caught', error.message)); process.on('unhandledRejection', (error: Error) => console.log('rejected', error.message));
    const turn = () => new Promise((resolve) => setTimeout(resolve, 5));
    await turn(); process.nextTick(() => { throw new Error('tick'); }); queueMicrotask(() => { throw new Error('micro'); }); await turn();
    setImmediate(() => { throw new Error('immediate'); }); await turn(); setTimeout(() => { throw new Error('timer'); }, 1); await turn(); Promise.reject(new Error('promise')); await turn();
    console.log('on'); process.exit(0);
  };`,
  'order.ts': `export default async () => {
    await new Promise((resolve) => setTimeout(() => { process.nextTick(() => console.log('tick')); Promise.resolve().then(() => console.log('micro')); setImmediate(() => { console.log('immediate'); resolve(0); }); console.log('sync'); }, 1));
  };`,
};

for (const file of Object.keys(ENDS))
  test(`${file} ends as under plain Node, and its replay agrees`, async () => {
    using shop = new Shop({ [file]: ENDS[file] ?? '' });
    const wanted = await plain(shop, file);
    const ended = await shop.run(['run', file]);
    assert.deepEqual({ code: ended.exit, out: ended.out }, wanted, ended.err);
    const replay = await shop.run(['replay', shop.onlyId()]);
    assert.equal(replay.exit, 0, replay.err);
  });

const LISTENS = `export default async () => {
  let count = 0;
  for (const name of ['SIGINT', 'SIGTERM', 'SIGUSR2'] as const) process.on(name, (signal) => { console.log('got', signal); if (++count === 2) process.exit(9); });
  console.log('ready'); await new Promise((resolve) => setTimeout(resolve, 60_000));
};`;

async function replayed(shop: Shop): Promise<void> {
  const { exit, err } = await shop.run(['replay', shop.onlyId()]);
  assert.equal(exit, 0, err);
}

test('a program hears the signals that it listens for, and a replay hears them again', async () => {
  using shop = new Shop({ 'main.ts': LISTENS });
  const run = shop.start(['run', 'main.ts']);
  await run.until('ready');
  run.kill('SIGUSR2');
  await run.until('got SIGUSR2');
  run.kill('SIGINT');
  const { exit, out } = await run.ended;
  assert.deepEqual({ exit, out }, { exit: 9, out: 'ready\ngot SIGUSR2\ngot SIGINT\n' });
  await replayed(shop);
  await nothingLeft(shop.folder);
});

// What a program printed after the last event of its journal may have been cut off with its process: a resume shows it again.
test('a second ^C parks a program that listens for it, and it hears of the first again after a resume', async () => {
  using shop = new Shop({ 'main.ts': LISTENS });
  const run = shop.start(['run', 'main.ts']);
  await run.until('ready');
  run.kill('SIGINT');
  await run.until('got SIGINT');
  run.kill('SIGINT');
  assert.equal((await run.ended).exit, 3);
  const resumed = shop.start(['resume', shop.onlyId()]);
  // Shown again behind the last event: the program has its first signal and listens for the second.
  await resumed.until('got SIGINT');
  resumed.kill('SIGINT');
  const { exit, out } = await resumed.ended;
  assert.deepEqual({ exit, out }, { exit: 9, out: 'got SIGINT\ngot SIGINT\n' });
  await replayed(shop);
});

test('SIGTERM parks, also a program that listens for it', async () => {
  using shop = new Shop({ 'main.ts': LISTENS });
  const run = shop.start(['run', 'main.ts']);
  await run.until('ready');
  run.kill('SIGTERM');
  const { exit, out } = await run.ended;
  assert.deepEqual({ exit, out }, { exit: 3, out: 'ready\n' });
});

const LINES = `import { createInterface } from 'node:readline';
export default async () => {
  const lines: string[] = [];
  for await (const line of createInterface({ input: process.stdin })) { lines.push(line); console.log('line', line); }
  return lines.length;
};`;

const valueOf = ({ out }: Ended): string => out.trim().split('\n').at(-1) ?? '';

test('standard input goes to the program', async () => {
  using shop = new Shop({
    'main.ts': LINES,
    'all.ts': `import { readFileSync } from 'node:fs'; export default () => readFileSync(0, 'utf8').length;`,
  });
  const ended = await shop.run(['run', 'main.ts'], { stdin: 'a\nb\n' });
  assert.equal(ended.out, 'line a\nline b\n2\n', ended.err);
  await replayed(shop);
  const whole = await shop.run(['run', 'all.ts'], { stdin: 'hello' });
  assert.equal(valueOf(whole), '5', whole.err);
});

test('a program that is killed between its lines reads on from the standard input of its resume', async () => {
  using shop = new Shop({ 'main.ts': LINES });
  const run = shop.start(['run', 'main.ts'], { stdin: null });
  await run.until('session');
  run.child.stdin?.write('a\n');
  await run.until('line a');
  run.child.stdin?.write('b\n');
  await run.until('line b');
  run.kill('SIGKILL');
  await run.ended;
  await nothingLeft(shop.folder);
  const ended = await shop.run(['resume', shop.onlyId()], { stdin: 'c\n' });
  assert.equal(ended.out, 'line b\nline c\n3\n', ended.err);
  await replayed(shop);
});

test('what a program does last happens: a server that it closes leaves no file of its socket', async () => {
  using shop = new Shop({
    'main.ts': `import net from 'node:net'; import { once } from 'node:events';
      export default async () => { const s = net.createServer().listen('./a.sock'); await once(s, 'listening'); s.close(); };`,
  });
  const { exit, err } = await shop.run(['run', 'main.ts']);
  assert.deepEqual([exit, existsSync(join(shop.folder, 'a.sock'))], [0, false], err);
});
