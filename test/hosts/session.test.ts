// Many contexts in a session: each call is an event, a replay gives the same in the same order, and a killed fan-out goes on.
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { Shop } from '../cli/support/cli.ts';
import { until } from '../support/until.ts';

const shop = new Shop({
  'ops.ts': `
    import { contextInfo } from 'resprout';
    import { appendFileSync, existsSync } from 'node:fs';
    import { setTimeout as pause } from 'node:timers/promises';
    export async function step(file: string, ms: number) {
      const { name, signal } = contextInfo();
      await pause(ms, undefined, { signal });
      appendFileSync(file, name + '\\n');
      if (name === 'far-3') throw new RangeError('far-3 has no disk');
      while (name === 'far-5' && !existsSync(file + '.go')) await pause(10, undefined, { signal });
      return name;
    }`,
  'fan.ts': `
    import { connect, each, openEach, targets } from 'resprout';
    import { step } from './ops.ts';
    export default async function main({ data }: { data: { file: string } }) {
      const targets = Array.from({ length: 6 }, (_, n) => 'local:far-' + n);
      const contexts = [];
      for await (const outcome of openEach([...targets, 'ssh://nobody@no-such-host.invalid'], { concurrency: 3 }))
        if (outcome.ok) contexts.push(outcome.context);
        else console.log(outcome.target.name, 'is not there');
      contexts.sort((a, b) => (a.name < b.name ? -1 : 1));
      const seen: string[] = [];
      for await (const outcome of each(contexts, step, (_context, n) => [data.file, n % 2 === 0 ? 40 : 1], { concurrency: 4 })) {
        seen.push(outcome.ok ? outcome.value : outcome.context.name + ' failed: ' + (outcome.error as Error).constructor.name);
        console.log(seen.at(-1));
      }
      return seen;
    }
    export async function groups() {
      const opened = await openEach(['@few', 'local:other']).all();
      const contexts = opened.flatMap((outcome) => (outcome.ok ? [outcome.context] : []));
      contexts.push(await connect('@few').catch((error) => error.code));
      return [...contexts.map((one) => (typeof one === 'string' ? one : [one.name, one.vars])), await targets('@few')];
    }
    export async function leaves({ data }: { data: { file: string } }) {
      const contexts = await openEach(['local:far-0', 'local:far-5', 'local:far-1']).all();
      const open = contexts.flatMap((outcome) => (outcome.ok ? [outcome.context] : []));
      for await (const outcome of each(open, step, [data.file, 1], { concurrency: 2 })) {
        if (outcome.context.name === 'far-1') break;
      }
      const stop = new AbortController();
      const next = each(open, step, [data.file, 1], { signal: stop.signal });
      for (let n = 0; n < 2; n++) await next.next();
      stop.abort(new Error('enough'));
      return next.all().then(String, (error) => error.code);
    }`,
});
after(() => shop[Symbol.dispose]());

shop.program.write('resprout.config.json', '{ "groups": { "few": { "targets": ["local:few-{1..2}"], "vars": { "port": 80 } } } }');

const id = (n: number): string => `ses_${'0'.repeat(25)}${n}`;
const lines = (file: string): string[] => (existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []);

test('each and openEach in a session: killed in the middle it goes on with the calls that had no answer, and a replay says the same', async () => {
  const file = join(shop.folder, 'steps');
  const first = shop.start(['run', 'fan.ts', '-d', JSON.stringify({ file }), '--session', id(1)]);
  for (const name of ['far-0\n', 'far-1\n', 'far-2\n', 'far-3 failed: RangeError', 'far-4\n']) await first.until(name);
  // It is under way, and has done what it does once.
  await until('the line of the last one', () => lines(file).includes('far-5'));
  first.kill('SIGKILL');
  await first.ended;
  const before = lines(file);
  appendFileSync(`${file}.go`, '');
  const resumed = await shop.run(['resume', id(1), '--json']);
  assert.equal(resumed.exit, 0, resumed.err);
  const { value } = JSON.parse(resumed.out) as { value: unknown };
  const seen = JSON.stringify(value);
  for (const name of ['far-0', 'far-1', 'far-2', 'far-3 failed: RangeError', 'far-4', 'far-5']) assert.ok(seen.includes(`"${name}"`), seen);
  // Only what was under way is made again.
  assert.deepEqual(lines(file).slice(before.length), ['far-5']);
  const replayed = await shop.run(['replay', id(1)]);
  assert.equal(replayed.exit, 0, replayed.err);
  assert.equal(lines(file).length, before.length + 1);
  const shown = await shop.run(['show', id(1)]);
  assert.match(shown.out, /far-5 +fan\.ts:12 +✔ step/);
});

test('each in a session: a loop that is left and a signal end it, and a replay says the same', async () => {
  const file = join(shop.folder, 'left');
  const ended = await shop.run(['run', 'fan.ts:leaves', '-d', JSON.stringify({ file }), '--session', id(2)]);
  assert.deepEqual([ended.exit, ended.out.trim()], [0, 'REMOTE_CALL_ABORTED'], ended.err);
  writeFileSync(`${file}.go`, '');
  const replayed = await shop.run(['replay', id(2)]);
  assert.equal(replayed.exit, 0, replayed.err);
});

test('targets in a session: what the settings said is recorded, and a replay says it again when they have changed', async () => {
  const ended = await shop.run(['run', 'fan.ts:groups', '--session', id(3), '--json']);
  assert.equal(ended.exit, 0, ended.err);
  const few = [1, 2].map((n) => ({ name: `local:few-${n}`, target: `local:few-${n}`, vars: { port: 80 } }));
  const { value } = JSON.parse(ended.out) as { value: unknown };
  assert.deepEqual(value, [['few-1', { port: 80 }], ['few-2', { port: 80 }], ['other', {}], 'REMOTE_TARGET_INVALID', few]);
  shop.program.write('resprout.config.json', '{ "groups": { "few": ["local:few-9"] } }');
  const replayed = await shop.run(['replay', id(3)]);
  assert.equal(replayed.exit, 0, replayed.err);
});
