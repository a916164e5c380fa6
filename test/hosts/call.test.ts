// `resprout call` on many targets, as a person runs it.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { Shop, jsonOf, nothingLeft } from '../cli/support/cli.ts';
import { Pty, noPty } from '../cli/support/pty.ts';
import { until } from '../support/until.ts';

const shop = new Shop({
  'ops.ts': `
    import { contextInfo } from 'resprout';
    import { existsSync, writeFileSync } from 'node:fs';
    import { setTimeout as pause } from 'node:timers/promises';
    export const echo = (...args: unknown[]) => args;
    export const nothing = () => {};
    export const text = () => contextInfo().name + '\\nand more';
    export function oddFails(n: number) {
      const { name } = contextInfo();
      if (Number(name.slice(-1)) % 2 === 1) throw new RangeError('no room for ' + n + ' on ' + name);
      if (name.endsWith('4')) throw new Error('4 is never right');
      return name;
    }
    export async function waits(folder: string) {
      const { name, signal } = contextInfo();
      writeFileSync(folder + '/' + name + '.' + process.pid + '.begun', '');
      if (name === 'n-1') return name;
      while (!existsSync(folder + '/go')) await pause(20, undefined, { signal });
    }
    export function killed() { if (contextInfo().name === 'n-2') process.kill(process.pid, 'SIGKILL'); return 1; }`,
  'resprout.config.json': JSON.stringify({
    targets: { front: { target: 'local:f', vars: { port: 1, disk: { path: '/a' } } }, dead: 'local:d?node=/no/node' },
    groups: { n: { targets: ['local:n-{1..6}'], vars: { port: 80, disk: { path: '/n' } } }, all: ['@n', 'front', 'dead'] },
  }),
});
after(() => shop[Symbol.dispose]());

const sorted = (out: string): string[] => out.trimEnd().split('\n').toSorted();

test('call on many: each line of stdout has the name of its target, values are one line of JSON', async () => {
  const { exit, out, err } = await shop.run(['call', 'local:a', 'local:b', 'ops.ts:echo', '1', '"two"', '{"three":null}']);
  assert.deepEqual([exit, sorted(out)], [0, ['a | [1,"two",{"three":null}]', 'b | [1,"two",{"three":null}]']]);
  assert.match(err, /^✔ 2 of 2 targets done {2}[\d.]+ ?\w+$/m);
  const text = await shop.run(['call', 'local:a', 'local:a', 'local:c', 'ops.ts:text', '-q']);
  assert.deepEqual([text.err, sorted(text.out)], ['', ['a | a', 'a | and more', 'c | and more', 'c | c']]);
  const nothing = await shop.run(['call', '@n', 'ops.ts:nothing', '-q']);
  assert.deepEqual([nothing.exit, nothing.out, nothing.err], [0, '', '']);
});

test('call on many: one block for each root cause, which names its targets; the highest exit code counts', async () => {
  const { exit, err, out } = await shop.run(['call', '@all', 'ops.ts:oddFails', '7', '--concurrency', '3']);
  assert.equal(exit, 4, err);
  assert.deepEqual(
    sorted(out),
    ['f | f', 'n-2 | n-2', 'n-6 | n-6'].map((line) => line.replace('f | f', 'front | front')),
  );
  assert.equal(err.match(/^✖ /gm)?.length, 3, err);
  assert.match(err, /RangeError: no room for 7 on n-1\n {3}on {5}n-1, n-3, n-5 \(3 targets\)$/m);
  assert.match(err, /^✖ PROGRAM_FAILED {2}Error: 4 is never right\n {3}on {5}n-4$/m);
  assert.match(err, /^✖ REMOTE_NODE_MISSING .*\n {3}on {5}dead$/m);
  assert.match(err, /^✔ 3 of 8 targets done {2}✖ 5 failed/m);
});

test('call on many: --json is one list in the order of the targets; a killed one is one of them', async () => {
  const ended = await shop.run(['call', '@n', 'ops.ts:killed', '--limit', '3', '--json']);
  assert.equal(ended.exit, 4);
  const list = jsonOf(ended).value as unknown as {
    name: string;
    target: string;
    value?: number;
    problem?: { code: string };
    exit?: number;
  }[];
  assert.deepEqual(
    list.map(({ name, value, problem, exit }) => [name, value, problem?.code, exit]),
    [
      ['n-1', 1, undefined, undefined],
      ['n-2', undefined, 'REMOTE_LOST', 4],
      ['n-3', 1, undefined, undefined],
    ],
  );
});

test('call on many: --limit takes a number, names, groups and texts; vars reach the function', async () => {
  const values = async (...args: string[]): Promise<unknown> => {
    const ended = await shop.run(['call', ...args, '--json']);
    assert.equal(ended.exit, 0, ended.out + ended.err);
    return (jsonOf(ended).value as unknown as { name: string; value: unknown }[]).map(({ name, value }) => [name, value]);
  };
  const asked = ['@all', 'ops.ts:echo', 'vars.port', 'vars.disk.path'];
  assert.deepEqual(await values(...asked, '--limit', '1'), [['n-1', [80, '/n']]]);
  assert.deepEqual(await values(...asked, '--limit', 'front,local:n-{5..6}'), [
    ['n-5', [80, '/n']],
    ['n-6', [80, '/n']],
    ['front', [1, '/a']],
  ]);
  assert.deepEqual(await values('@front', '@n', 'ops.ts:echo', 'vars', '--limit', '@front'), [
    ['front', [{ port: 1, disk: { path: '/a' } }]],
  ]);
  assert.deepEqual(
    await values('@n+local:in', 'ops.ts:echo', 'vars.port', '--limit', 'local:n-2'),
    [['local:n-2', [80]]].map(([, v]) => ['in', v]),
  );
  const refusals: readonly (readonly string[])[] = [
    ['@all', 'ops.ts:echo', 'vars.port'],
    ['@all', 'ops.ts:echo', '--limit', '0'],
    ['@al', 'ops.ts:echo'],
    ['@n', 'ops.ts:echo', '--limit', 'nobody'],
    ['@n', 'local:other'],
    ['@n', 'nowhere:', 'ops.ts:echo'],
    ['@n', 'ops.ts:echo', '--batch', '0'],
    ['@n', 'ops.ts:echo', 'words'],
  ];
  for (const args of refusals) assert.equal((await shop.run(['call', ...args])).exit, 2, args.join(' '));
});

test('call on many: after --stop-after failures nothing more is started, batch by batch', async () => {
  const ended = await shop.run(['call', '@n', 'ops.ts:oddFails', '7', '--batch', '2', '--stop-after', '2']);
  assert.equal(ended.exit, 1);
  assert.match(ended.err, /^✔ 1 of 6 targets done {2}✖ 3 failed {2}– 2 not started/m);
  assert.match(ended.err, /on {5}n-1, n-3 \(2 targets\)/);
});

test('call on many: ^C ends what hangs, tells what had come, and leaves nothing', async () => {
  const started = shop.start(['call', '@n', 'ops.ts:waits', JSON.stringify(shop.folder)]);
  await started.until('n-1 | n-1');
  await until('all others run', () => [2, 3, 4, 5, 6].every((n) => begun(n)));
  started.kill('SIGINT');
  const { exit, err } = await started.ended;
  assert.equal(exit, 1, err);
  assert.match(err, /^✖ REMOTE_CALL_ABORTED {2}the call was interrupted by SIGINT\n {3}on {5}n-2, n-3, n-4, n-5, n-6 \(5 targets\)$/m);
  assert.match(err, /^✔ 1 of 6 targets done {2}✖ 5 failed/m);
  await nothingLeft(shop.folder);
});

test('call on many: killed in the middle it leaves nothing', async () => {
  const started = shop.start(['call', 'local:k-{2..6}', 'ops.ts:waits', JSON.stringify(shop.folder)]);
  await until('they run', () => [2, 3, 4, 5, 6].every((n) => begun(n, 'k')));
  started.kill('SIGKILL');
  await started.ended;
  await nothingLeft(shop.folder);
});

const begun = (n: number, word = 'n'): boolean => readdirSync(shop.folder).some((name) => name.startsWith(`${word}-${n}.`));

test('call on many: a terminal shows how many have ended and what still runs, and then what came of all', { skip: noPty }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rs-live-'));
  using pty = new Pty(shop, ['call', 'local:n-{1..3}', 'ops.ts:waits', JSON.stringify(folder)]);
  await pty.untilScreen(/n-1 \| n-1\n● 1 of 3 {2}n-[23], n-[23]/);
  writeFileSync(join(folder, 'go'), '');
  assert.equal(await pty.ended, 0, pty.raw);
  assert.match(pty.screen.text, /n-1 \| n-1\n✔ 3 of 3 targets done/);
  rmSync(folder, { recursive: true });
});
