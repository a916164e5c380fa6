// `resprout tree`: what a session that runs has open, told by its own process.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { Shop, jsonOf, nothingLeft } from '../cli/support/cli.ts';
import { noPty, Pty } from '../cli/support/pty.ts';
import { until } from '../support/until.ts';

const shop = new Shop({
  'ops.ts': `
    import { contextInfo } from 'resprout';
    import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
    import { setTimeout as pause } from 'node:timers/promises';
    export async function waits(folder: string) {
      const { name, signal } = contextInfo();
      writeFileSync(folder + '/' + name + '.begun', String(process.pid));
      while (!existsSync(folder + '/go')) await pause(20, undefined, { signal });
      return name;
    }
    export const quick = () => process.pid;`,
  'program.ts': `
    import { each, local } from 'resprout';
    import { quick, waits } from './ops.ts';
    export default async function ({ data }: { data: string }) {
      const outer = await local({ name: 'outer' });
      const inner = await local({ name: 'inner', via: outer });
      const other = await local({ name: 'other' });
      const closed = await local({ name: 'closed' });
      await closed.call(quick);
      await closed.close();
      await other.call(quick);
      return await each([inner, outer], waits, [data]).all().then((all) => all.length);
    }
    export const alone = async ({ data }: { data: string }) => { for (;;) await new Promise((resolve) => setTimeout(resolve, 60_000)); };`,
});
after(() => shop[Symbol.dispose]());

const id = (n: number): string => `ses_${'0'.repeat(25)}${n}`;

/** Where the far functions of one session write. */
function folderOf(name: string): string {
  const folder = join(shop.folder, name);
  mkdirSync(folder, { recursive: true });
  return folder;
}

interface Shown {
  readonly sessionId: string;
  readonly owner: { readonly pid: number };
  readonly contexts: readonly {
    readonly id: number;
    readonly name: string;
    readonly via: number;
    readonly pid: number;
    readonly calls: number;
  }[];
}

test('tree: each context below the one that it was opened through, with its process and the calls under way', async () => {
  assert.equal((await shop.run(['tree'])).exit, 2, 'there is no store yet');
  const running = shop.start(['run', 'program.ts', '-d', JSON.stringify(shop.folder), '--session', id(1)]);
  const begun = (name: string): string => join(shop.folder, `${name}.begun`);
  await until('both calls run', () => existsSync(begun('inner')) && existsSync(begun('outer')), 60_000);
  const json = await shop.run(['tree', id(1), '--json']);
  const [shown] = jsonOf(json).value as unknown as readonly Shown[];
  assert.ok(shown);
  assert.equal(shown.owner.pid, running.pid);
  const of = (name: string) => shown.contexts.find((context) => context.name === name);
  assert.deepEqual(
    shown.contexts.map(({ name, calls }) => [name, calls]),
    [
      ['outer', 1],
      ['inner', 1],
      ['other', 0],
    ],
  );
  assert.deepEqual([of('outer')?.via, of('inner')?.via], [0, of('outer')?.id]);
  const text = await shop.run(['tree']);
  assert.match(text.out, new RegExp(`^program\\.ts:default {2}${id(1)} {2}process ${running.pid}$`, 'm'));
  assert.match(text.out, /^ {2}├ outer {4}local {2}#\d+ {2}pid \d+ on \S+ {2}node \d+\.\d+\.\d+ {2}1 call under way, for [\d.]+/m);
  assert.match(text.out, /^ {2}│ └ inner .* 1 call under way/m);
  assert.match(text.out, /^ {2}└ other .* idle$/m);
  assert.doesNotMatch(text.out, /closed/);
  // A context that is killed is gone from the tree.
  process.kill(of('other')?.pid ?? 0, 'SIGKILL');
  let names: readonly string[] = [];
  for (let tries = 0; tries < 100 && names.length !== 2; tries++) {
    const [later] = jsonOf(await shop.run(['tree', '--json'])).value as unknown as readonly Shown[];
    names = later?.contexts.map(({ name }) => name) ?? [];
  }
  assert.deepEqual(names, ['outer', 'inner']);
  writeFileSync(join(shop.folder, 'go'), '');
  assert.equal((await running.ended).exit, 0);
  const none = await shop.run(['tree']);
  assert.deepEqual([none.exit, none.out], [0, 'No session runs: nothing is open.\n']);
  const ended = await shop.run(['tree', id(1)]);
  assert.deepEqual([ended.exit, ended.out], [0, `${id(1)} does not run: nothing is open.\n`]);
  assert.equal((await shop.run(['tree', 'nothing'])).exit, 2);
  await nothingLeft(shop.folder);
});

test('tree: a session without contexts, and an owner that does not answer', async () => {
  const running = shop.start(['run', 'program.ts:alone', '-d', '""', '--session', id(2)]);
  let out = '';
  await until('it runs', () => existsSync(join(shop.store, 'runs', id(2))));
  for (let tries = 0; tries < 100 && !out.includes('no context is open'); tries++) ({ out } = await shop.run(['tree']));
  assert.match(out, /^program\.ts:alone .*\n {2}no context is open$/m);
  running.kill('SIGSTOP');
  const silent = await shop.run(['tree', '--json']);
  assert.equal(jsonOf(silent).problem?.code, 'SESSION_HELD');
  const watched = shop.start(['tree', '--watch', '--json']);
  await watched.until('\n');
  assert.equal(
    (JSON.parse(watched.out.split('\n')[0] ?? '') as { value: readonly { problem: { code: string } }[] }).value[0]?.problem.code,
    'SESSION_HELD',
  );
  watched.kill('SIGINT');
  assert.equal((await watched.ended).exit, 0);
  running.kill('SIGCONT');
  running.kill('SIGKILL');
  await running.ended;
  await nothingLeft(shop.folder);
});

test('tree --watch on a terminal: the lines change in place, ^C leaves what was seen last', { skip: noPty }, async () => {
  const running = shop.start(['run', 'program.ts', '-d', JSON.stringify(folderOf('three')), '--session', id(3)]);
  using pty = new Pty(shop, ['tree', '--watch'], { rows: 5 });
  await pty.untilScreen(/├ outer .*1 call under way/);
  await pty.untilScreen(/│ └ inner /);
  await pty.untilScreen(/└ other .* idle\s*$/);
  assert.equal(pty.screen.text.match(/ses_/g)?.length, 1, 'nothing is shown twice');
  const inner = /inner .* pid (\d+) on/.exec(pty.screen.text)?.[1];
  process.kill(Number(inner), 'SIGKILL');
  await pty.untilScreen(new RegExp(`inner .* pid (?!${inner})\\d+ on`));
  await pty.untilScreen(/└ other .* idle\s*$/);
  pty.keys('\u0003');
  assert.equal(await pty.ended, 0);
  assert.match(pty.screen.text, /└ other .* idle$/m);
  running.kill('SIGKILL');
  await running.ended;
  await nothingLeft(shop.folder);
});

test('tree --watch elsewhere: it is printed when something has changed, as text or one object a line, until the session ends', async () => {
  const running = shop.start(['run', 'program.ts', '-d', JSON.stringify(folderOf('four')), '--session', id(4)]);
  await until('it runs', async () => (await shop.run(['tree', id(4)])).out.includes('└ other'), 60_000);
  const json = shop.start(['tree', id(4), '--watch', '--json']);
  const text = shop.start(['tree', id(4), '--watch']);
  await json.until('"other"');
  await text.until('└ other');
  const [first = ''] = json.out.split('\n');
  const other = (JSON.parse(first) as { value: readonly Shown[] }).value[0]?.contexts.find(({ name }) => name === 'other');
  process.kill(other?.pid ?? 0, 'SIGKILL');
  await text.until(/└ outer/);
  await until('both have seen it', () => json.out.trimEnd().split('\n').length >= 2);
  writeFileSync(join(folderOf('four'), 'go'), '');
  const [said, shown] = await Promise.all([json.ended, text.ended, running.ended]);
  assert.deepEqual([said.exit, shown.exit], [0, 0]);
  const looks = said.out
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { value: readonly Shown[] }).value);
  assert.ok(looks.length >= 3 && looks.length < 12, said.out);
  assert.deepEqual(looks.at(-1), []);
  assert.match(shown.out, new RegExp(`^program\\.ts:default .*${id(4)}`));
  assert.ok(shown.out.endsWith(`\n\n${id(4)} does not run: nothing is open.\n`), shown.out);
  await nothingLeft(shop.folder);
});
