// resprout supervise: a tree in the foreground, asked at its socket.
import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parseTree } from '../../src/cli/supervise/parse-tree.ts';
import { needs } from '../support/needs.ts';
import { isAlive } from '../support/processes.ts';
import { REPOSITORY } from '../support/programs.ts';
import { until } from '../support/until.ts';
import { Shop } from './support/cli.ts';

interface Status {
  readonly unit: string;
  readonly state: string;
  readonly lives: number;
  readonly pid: number | null;
  readonly units: readonly Status[];
}

const noSystemd = needs('linux', { program: 'systemd-analyze', debianPackage: 'systemd' });

const shop = new Shop({
  'shop.json': JSON.stringify({
    name: 'shop',
    units: [
      {
        name: 'store',
        command: ['sh', '-c', 'trap "echo store down; exit 0" TERM; echo open; while :; do sleep 0.05; done'],
        ready: { line: '^open$' },
        log: 'store.log',
      },
      [
        { name: 'mail', command: ['sleep', '600'] },
        { name: 'jobs', units: [{ name: 'one', command: ['sleep', '600'], env: { A: 'b' } }] },
      ],
      { name: 'web', command: ['sleep', '600'], ready: { command: ['test', '-e', 'store.log'] } },
    ],
  }),
  'shop.ts': `
    import { group, program, tree, unit } from 'resprout/supervisor';
    export class Waits {
      run(signal: AbortSignal): Promise<void> {
        return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
      }
    }
    export const tree_ = 1;
    export const small = tree({ name: 'small', units: [unit(Waits), group(Waits, undefined, { name: 'pair', in: 'thread' }), program(['sleep', '600'])] });`,
  'falls.json': '{ "name": "falls", "budget": { "restarts": 1 }, "units": [{ "command": ["false"], "backOff": { "firstMs": 1 } }] }',
  'late.json': '{ "units": [{ "command": ["sleep", "600"], "ready": { "line": "never" } }] }',
  'bad.json': '{ "units": [{ "comand": ["false"] }] }',
  'no.json': '{',
});
after(() => shop[Symbol.dispose]());

const status = async (file: string): Promise<readonly Status[]> => {
  const { exit, out, err } = await shop.run(['supervise', file, 'status', '--json']);
  assert.equal(exit, 0, err);
  return (JSON.parse(out) as { value: readonly Status[] }).value;
};
const named = (units: readonly Status[], name: string): Status => {
  const found = units.find(({ unit }) => unit === name);
  assert.ok(found !== undefined, name);
  return found;
};

test('resprout supervise FILE keeps a tree of programs, tells its state, makes a unit new and stops', async () => {
  const running = shop.start(['supervise', 'shop.json']);
  await running.until('shop is ready');
  const first = await status('shop.json');
  assert.deepEqual(
    first.map(({ lives, state, unit }) => [unit, state, lives]),
    ['store', 'mail', 'jobs', 'web'].map((unit) => [unit, 'ready', 1]),
  );
  const pids = [...first, ...named(first, 'jobs').units].flatMap(({ pid }) => pid ?? []);
  assert.equal(pids.length, 4);
  assert.ok(pids.every(isAlive));
  process.kill(named(first, 'web').pid ?? 0, 'SIGKILL');
  await until('a new life', async () => {
    const { lives, state } = named(await status('shop.json'), 'web');
    return lives === 2 && state === 'ready';
  });
  assert.equal((await shop.run(['supervise', 'shop.json', 'restart', 'jobs/one'])).exit, 0);
  await until('another new life', async () => named(named(await status('shop.json'), 'jobs').units, 'one').lives === 2);
  const table = (await shop.run(['supervise', 'shop.json', 'status'])).out.split('\n');
  assert.match(table[0] ?? '', /^unit +state +lives +pid +ready for$/);
  assert.match(table[4] ?? '', /^jobs\/one +(ready|starting) +2 +\d+ /);
  const again = await shop.run(['supervise', 'shop.json']);
  assert.equal(again.exit, 1);
  assert.match(again.err, /shop\.json is supervised already/);
  assert.equal((await shop.run(['supervise', 'shop.json', 'stop'])).exit, 0);
  const ended = await running.ended;
  assert.equal(ended.exit, 0, ended.err);
  assert.deepEqual(pids.filter(isAlive), []);
  assert.equal(readFileSync(path.join(shop.folder, 'store.log'), 'utf8'), 'open\nstore down\n');
  assert.match(ended.err, /web failed: web was killed by SIGKILL, in run\nweb restarts in /);
  assert.equal((await shop.run(['supervise', 'shop.json', 'status'])).exit, 4);
});

test('resprout supervise FILE systemd prints a unit that systemd takes and whose command keeps the tree', { skip: noSystemd }, async () => {
  const odd = 'odd $HOME %h "x".json';
  shop.program.write(odd, '{ "name": "odd", "units": [{ "name": "waits", "command": ["sleep", "600"] }] }');
  const { exit, err, out } = await shop.run(['supervise', odd, 'systemd']);
  assert.equal(exit, 0, err);
  const file = path.join(shop.folder, 'odd.service');
  shop.program.write('odd.service', out);
  shop.program.write('two\nlines.json', '{ "units": [] }');
  const refused = await shop.run(['supervise', 'two\nlines.json', 'systemd']);
  assert.equal(refused.exit, 1);
  assert.match(refused.err, /SUPERVISE_INVALID/);
  const verified = spawnSync('systemd-analyze', ['verify', file], { encoding: 'utf8' });
  assert.deepEqual([verified.status, verified.stderr], [0, '']);
  assert.match(out, /^# Put this into \/etc\/systemd\/system\/odd--HOME--h--x-\.service, /);
  // The words as systemd reads them, started where it would be: without the variables of a login.
  const words = [...(/^ExecStart=(.*)$/m.exec(out)?.[1] ?? '').matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map(([, quoted, plain]) =>
    (quoted ?? plain ?? '').replaceAll(/\\(.)/g, '$1').replaceAll('$$', '$').replaceAll('%%', '%'),
  );
  assert.deepEqual(words.slice(2), ['supervise', path.join(shop.folder, odd)]);
  const [program = '', ...args] = words;
  const PATH = process.env['PATH'] ?? '';
  const running = spawn(program, args, { cwd: shop.folder, env: { PATH }, stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(running, 'close');
  let told = '';
  running.stderr.on('data', (bytes: Buffer) => (told += bytes.toString()));
  await until('readiness', () => told.includes('odd is ready'));
  // Who asks has a runtime folder; whoever the system started has none.
  const env = { XDG_RUNTIME_DIR: path.join(shop.folder, 'runtime') };
  mkdirSync(env.XDG_RUNTIME_DIR, { mode: 0o700 });
  const asked = await shop.run(['supervise', odd, 'status', '--json'], { env });
  assert.match(asked.out, /"unit":"waits"/, asked.err);
  running.kill('SIGTERM');
  assert.deepEqual(await ended, [0, null], told);
});

for (const name of ['SIGTERM', 'SIGINT'] as const)
  test(`a module that exports a tree, ended by ${name}: nothing is left`, async () => {
    const running = shop.start(['supervise', 'shop.ts:small', '--json']);
    await running.until('"unit":"sleep","life":1,"state":"ready"');
    await until('an answer', async () => (await shop.run(['supervise', 'shop.ts', 'status'])).exit === 0);
    const units = await status('shop.ts');
    assert.deepEqual(
      units.map(({ unit, units: below }) => [unit, below.length]),
      [
        ['Waits', 0],
        ['pair', 2],
        ['sleep', 0],
      ],
    );
    running.kill(name);
    const ended = await running.ended;
    assert.equal(ended.exit, 0, ended.err);
    assert.deepEqual(JSON.parse(ended.out.trimEnd().split('\n').at(-1) ?? ''), { ok: true, value: { how: 'closed', signal: name } });
    assert.deepEqual(units.flatMap(({ pid }) => pid ?? []).filter(isAlive), []);
  });

test('a signal while it starts gives the start up; a budget that is spent, and what cannot be read, have their exit codes', async () => {
  const late = shop.start(['supervise', 'late.json']);
  await late.until('sleep starting');
  late.kill('SIGTERM');
  assert.equal((await late.ended).exit, 0);
  const falls = await shop.run(['supervise', 'falls.json']);
  assert.equal(falls.exit, 1);
  assert.match(falls.err, /false/);
  const cases = [
    ['bad.json', 1, /the tree\.units\[0\]\.comand is not known/],
    ['no.json', 1, /is no JSON/],
    ['gone.json', 2, /cannot be read/],
    ['shop.ts', 1, /exports no tree that/],
  ] as const;
  for (const [file, exit, text] of cases) {
    const ended = await shop.run(['supervise', file]);
    assert.equal(ended.exit, exit, ended.err);
    assert.match(ended.err, text);
  }
  assert.equal((await shop.run(['supervise', 'shop.json', 'restart'])).exit, 2);
  assert.equal((await shop.run(['supervise', 'shop.json', 'dance'])).exit, 2);
});

test('one that was killed leaves no unit, and its file can be supervised again', async () => {
  const running = shop.start(['supervise', 'shop.json']);
  await running.until('shop is ready');
  const pids = (await status('shop.json')).flatMap(({ pid }) => pid ?? []);
  running.kill('SIGKILL');
  await running.ended;
  await until('the end of its programs', () => !pids.some(isAlive));
  const again = shop.start(['supervise', 'shop.json']);
  await again.until('shop is ready');
  again.kill('SIGTERM');
  assert.equal((await again.ended).exit, 0);
});

test('docs/supervise.schema.json takes what is taken, and refuses what is refused', () => {
  const schema = JSON.parse(readFileSync(`${REPOSITORY}/docs/supervise.schema.json`, 'utf8')) as object;
  const validate = new Ajv2020({ strict: true, allowUnionTypes: true, validateFormats: false }).compile(schema);
  const program = (more: object): object => ({ units: [{ command: ['web'], ...more }] });
  const good = [
    JSON.parse(readFileSync(path.join(shop.folder, 'shop.json'), 'utf8')) as object,
    program({ ready: 'begun' }),
    program({ ready: { line: 'listening on \\d+' } }),
    program({ ready: { http: 'http://127.0.0.1:1/', periodMs: 10 }, liveness: { port: 80, host: '::1', failures: 2 } }),
    program({
      log: { file: 'a', maxBytes: 2000, keep: 1 },
      stopSignal: 'SIGQUIT',
      stopExitCodes: [1],
      maxRssMb: 100,
      watch: ['src'],
      cancelMs: 0,
    }),
    { $schema: 'x', strategy: 'rest-for-one', budget: { restarts: 0 }, startsAtOnce: 1, units: [{ units: [{ command: ['a'] }] }] },
  ];
  const bad = [
    {},
    { units: [] },
    { units: [[]], more: 1 },
    { units: [{}] },
    program({ command: [] }),
    program({ command: 'web' }),
    program({ ready: { http: 'http://a/', port: 1 } }),
    program({ ready: {} }),
    program({ ready: { port: 0 } }),
    program({ ready: { line: 'a', more: 1 } }),
    program({ liveness: { line: 'a' } }),
    program({ liveness: { port: 1, failures: 0 } }),
    program({ env: { A: 1 } }),
    program({ log: { keep: 1 } }),
    program({ log: { file: 'a', maxBytes: 1 } }),
    program({ stopSignal: 'SIGKILL' }),
    program({ restart: 'always' }),
    program({ startMs: 0 }),
    program({ watch: [] }),
    program({ watch: 'src' }),
    program({ backOff: { factor: 0 } }),
    program({ in: 'thread' }),
    program({ name: 'a b' }),
  ];
  for (const one of good) {
    assert.ok(validate(one), JSON.stringify([one, validate.errors]));
    assert.doesNotThrow(() => parseTree(one, '/'));
  }
  for (const one of bad) {
    assert.ok(!validate(one), JSON.stringify(one));
    assert.throws(() => parseTree(one, '/'), { code: 'SUPERVISE_INVALID' }, JSON.stringify(one));
  }
  assert.ok(existsSync(`${REPOSITORY}/docs/supervise.schema.json`));
});
