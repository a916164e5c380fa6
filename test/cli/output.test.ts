import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { rmSync } from 'node:fs';
import { CLI, Shop, jsonOf } from './support/cli.ts';

const shop = new Shop({
  'binary.ts': `
    export default async function () {
      const all = Buffer.from(Array.from({ length: 70_000 }, (_, i) => (i * 7) % 256));
      process.stdout.write(all);
      process.stderr.write('to stderr\\n');
    }`,
  'value.ts': `
    export default async function (event: { data: string }) {
      console.log('printed');
      const values: Record<string, unknown> = {
        text: 'a text', nothing: undefined, list: [1, undefined, new Map([['a', 1n]])], date: new Date(0), bytes: new Uint8Array([1, 2]),
      };
      return values[event.data];
    }`,
  'argv.ts': 'export default async () => [process.argv.slice(2), process.cwd(), typeof process.argv[1]];',
  'guarded.ts': `
    import { fileURLToPath } from 'node:url';
    export default function main() {
      console.log('main');
      console.log(1);
    }
    if (import.meta.main || process.argv[1] === import.meta.filename || process.argv[1] === fileURLToPath(import.meta.url)) main();`,
  'exit.ts': `
    export default async function (event: { data: number }) {
      console.log('before');
      process.exit(event.data);
    }`,
  'throws.ts': `
class OrderError extends Error {
  override name = 'OrderError';
}
function ship(order: string): never {
  throw new OrderError(\`order \${order} is not paid\`, { cause: new Error('the bank says no') });
}
export default async function () {
  await Promise.resolve();
  ship('A7');
}`,
  'many.ts': `
    export default async function () {
      const second = new TypeError('web-2 says no', { cause: new Error('the disk is full') });
      throw new AggregateError([new Error('web-1 is down'), second], 'no host answers', { cause: { code: 7 } });
    }
    export const thrown = async () => { throw { code: 7, why: 'x' }; };
    export const nothing = async () => { throw undefined; };`,
  'throws-text.ts': "export default async () => { throw 'only a text'; };",
  'colour.ts': `
    export default async () => [process.env.NO_COLOR ?? null, process.env.FORCE_COLOR ?? null, process.stdout.isTTY ?? false];`,
  'sub/package.txt': '',
});
after(() => shop[Symbol.dispose]());

test('run: stdout is exactly the bytes of the program, also when nothing of them is text', async () => {
  const { bytes, exit, err } = await shop.run(['run', 'binary.ts']);
  assert.deepEqual(bytes, Buffer.from(Array.from({ length: 70_000 }, (_, i) => (i * 7) % 256)));
  assert.equal(exit, 0, err);
  assert.match(err, /to stderr/);
});

test('run: the returned value follows on stdout: a text as it is, JSON for the rest, nothing for undefined', async () => {
  const value = async (data: string): Promise<string> => (await shop.run(['run', 'value.ts', '-d', JSON.stringify(data)])).out;
  const [text, nothing, list] = await Promise.all([value('text'), value('nothing'), value('list')]);
  assert.equal(text, 'printed\na text\n');
  assert.equal(nothing, 'printed\n');
  assert.equal(list, `printed\n${JSON.stringify([1, null, [['a', '1']]], null, 2)}\n`);
});

test('run --json: stdout has one JSON value and the program prints on stderr', async () => {
  const all = await Promise.all(
    ['list', 'nothing', 'date', 'bytes'].map((name) => shop.run(['run', 'value.ts', '--json', '-d', `"${name}"`])),
  );
  assert.deepEqual(
    all.map((ended) => jsonOf(ended)),
    [[1, null, [['a', '1']]], null, '1970-01-01T00:00:00.000Z', 'AQI='].map((value) => ({ ok: true, value })),
  );
  for (const { err } of all) assert.match(err, /^printed$/m);
});

test('run: what follows -- reaches process.argv, and --json behind it is the program’s', async () => {
  const ended = await shop.run(['run', '../argv.ts', '--store', '../.resprout', '--json', '--', '--json', '-x', 'a b'], { cwd: 'sub' });
  assert.deepEqual(jsonOf(ended).value, [['--json', '-x', 'a b'], join(shop.folder, 'sub'), 'string']);
});

test('run: a guard that starts main only under plain node does not start it a second time', async () => {
  const ended = await shop.run(['run', 'guarded.ts']);
  assert.deepEqual([ended.exit, ended.out], [0, 'main\n1\n'], ended.err);
});

test('run: process.exit(n) of the program is the exit code, 0 is done', async () => {
  const [seven, none, json] = await Promise.all([
    shop.run(['run', 'exit.ts', '-d', '7']),
    shop.run(['run', 'exit.ts', '-d', '0']),
    shop.run(['run', 'exit.ts', '-d', '42', '--json']),
  ]);
  assert.deepEqual([seven.exit, seven.out], [7, 'before\n'], seven.err);
  assert.match(seven.err, /process\.exit\(7\)/);
  assert.deepEqual([none.exit, none.out], [0, 'before\n'], none.err);
  const shown = jsonOf(json);
  assert.deepEqual([json.exit, shown.exit, shown.ok, shown.problem?.code], [42, 42, false, 'PROGRAM_FAILED']);
});

test('run: an error of the program shows its line with a caret, keeps the session, and has no stack without --verbose', async () => {
  const [plain, verbose, json, text] = await Promise.all([
    shop.run(['run', 'throws.ts']),
    shop.run(['run', 'throws.ts', '--verbose']),
    shop.run(['run', 'throws.ts', '--json']),
    shop.run(['run', 'throws-text.ts']),
  ]);
  assert.deepEqual([plain.exit, plain.out], [1, '']);
  const lines = plain.err.split('\n');
  const at = lines.findIndex((line) => line.startsWith('   at '));
  assert.match(lines[at - 1] ?? '', /✖ PROGRAM_FAILED {2}OrderError: order A7 is not paid/);
  assert.match(lines[at] ?? '', /throws\.ts:6:9 {5}throw new OrderError/);
  assert.equal((lines[at + 1] ?? '').indexOf('^'), (lines[at] ?? '').indexOf('new OrderError'));
  assert.match(plain.err, /^ {3}kept {3}ses_\w+ failed at event 2/m);
  assert.match(plain.err, /^ {3}cause {2}caused by Error: the bank says no$/m);
  const cure =
    /^ {3}do {5}Correct the program, then resprout resume ses_\w+ --retry --build FILE goes on with it; resprout show ses_\w+ lists /m;
  assert.match(plain.err, cure);
  assert.doesNotMatch(plain.err, /^\| /m);
  assert.match(verbose.err, /^\| {5}at ship \(.*throws\.ts:6:9\)$/m);
  assert.match(verbose.err, /^caused by\n\| Error: the bank says no$/m);
  const frames = [...verbose.err.matchAll(/^\| {5}at .*$/gm)].map(([line]) => line);
  assert.ok(frames.length > 0 && frames.every((line) => line.includes('throws.ts')), frames.join('\n'));
  const { problem } = jsonOf(json);
  assert.deepEqual([problem?.code, problem?.at], ['PROGRAM_FAILED', join(shop.folder, 'throws.ts:6:9')]);
  assert.match(text.err, /PROGRAM_FAILED {2}the program threw 'only a text', which is not an Error$/m);
  assert.equal(text.exit, 1);
});

test('run: what an error gathers and what caused it is shown, and what was thrown that is no error', async () => {
  const [many, json, verbose, object, nothing] = await Promise.all([
    shop.run(['run', 'many.ts']),
    shop.run(['run', 'many.ts', '--json']),
    shop.run(['run', 'many.ts', '-v']),
    shop.run(['run', 'many.ts:thrown']),
    shop.run(['run', 'many.ts:nothing']),
  ]);
  const causes = ['- Error: web-1 is down', '- TypeError: web-2 says no', '  caused by Error: the disk is full', 'caused by { code: 7 }'];
  assert.match(many.err, /PROGRAM_FAILED {2}AggregateError: no host answers$/m);
  assert.ok(many.err.includes(causes.map((line, i) => `   ${i === 0 ? 'cause ' : '      '} ${line}\n`).join('')), many.err);
  assert.deepEqual(jsonOf(json).problem?.causes, causes);
  assert.match(verbose.err, /^error 2 of 2\n\| TypeError: web-2 says no\n(\| .*\n)+caused by\n\| Error: the disk is full\n/m);
  assert.match(object.err, /PROGRAM_FAILED {2}the program threw { code: 7, why: 'x' }, which is not an Error$/m);
  assert.match(nothing.err, /PROGRAM_FAILED {2}the program threw undefined, which is not an Error$/m);
});

test('run --quiet says nothing but problems; --verbose says more; plain output has no escapes', async () => {
  const [quiet, verbose, failing] = await Promise.all([
    shop.run(['run', 'value.ts', '-q', '-d', '"text"']),
    shop.run(['run', 'value.ts', '-v', '-d', '"text"'], { env: { NO_COLOR: '1' } }),
    shop.run(['run', 'throws.ts', '--quiet']),
  ]);
  assert.deepEqual([quiet.err, quiet.out], ['', 'printed\na text\n']);
  assert.match(verbose.err, /built 1 files? in/);
  assert.match(failing.err, /^✖ PROGRAM_FAILED/);
  // oxlint-disable-next-line no-control-regex -- that there is none is what is tested
  for (const { err } of [quiet, verbose, failing]) assert.doesNotMatch(err, /\u001b/);
});

test('run: colours are asked for where a terminal is, and NO_COLOR is passed on', async () => {
  const [plain, none] = await Promise.all([
    shop.run(['run', 'colour.ts', '--json']),
    shop.run(['run', 'colour.ts', '--json'], { env: { NO_COLOR: '1' } }),
  ]);
  assert.deepEqual(jsonOf(plain).value, [null, null, false]);
  assert.deepEqual(jsonOf(none).value, ['1', null, false]);
});

test('run: a reader that goes away before anything is written does not end the session', async () => {
  rmSync(shop.store, { recursive: true });
  const started = shop.start(['run', 'binary.ts']);
  started.child.stdout?.destroy();
  const { exit, err } = await started.ended;
  assert.equal(exit, 0, err);
  const list = jsonOf(await shop.run(['sessions', '--json']));
  assert.deepEqual(
    (list.value as unknown as { state: string }[]).map(({ state }) => state),
    ['done'],
  );
});

test('show and sessions: a reader that goes away is no error', async () => {
  for (const args of [['sessions'], ['show', shop.onlyId(), '--events'], ['show', shop.onlyId(), '--follow']]) {
    const started = shop.start(args);
    started.child.stdout?.destroy();
    const { exit, err } = await started.ended;
    assert.deepEqual([exit, err], [0, ''], args.join(' '));
  }
});

test('every command: a standard output that cannot be written is OUTPUT_IO, and a session keeps its result', async () => {
  using full = new Shop({ 'value.ts': "export default async () => 'the value';" });
  const intoFull = async (args: readonly string[]): Promise<readonly [number | null, string]> => {
    const script = 'exec "$@" > /dev/full';
    const child = spawn('sh', ['-c', script, 'sh', process.execPath, CLI, ...args], {
      cwd: full.folder,
      env: full.env(),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let err = '';
    child.stderr.on('data', (bytes: Buffer) => (err += bytes.toString()));
    return await new Promise((resolve) => child.on('close', (code) => resolve([code, err])));
  };
  for (const args of [['run', 'value.ts'], ['run', 'value.ts', '--json'], ['sessions'], ['help']]) {
    const [exit, err] = await intoFull(args);
    assert.equal(exit, 4, err);
    assert.match(err, /^✖ OUTPUT_IO {2}standard output could not be written\n(.*\n)* {3}saw {4}ENOSPC/m);
  }
  const list = jsonOf(await full.run(['sessions', '--json'])).value as unknown as { state: string }[];
  assert.deepEqual(
    list.map(({ state }) => state),
    ['done', 'done'],
  );
});
