import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Shop, jsonOf } from './support/cli.ts';
import { SLEEP, STEPS } from './support/programs.ts';

const shop = new Shop({
  'main.ts': `
import { readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { local } from 'resprout';
import { sleep } from 'resprout/durable';
import { add } from './far.ts';
export default async function (event: { data: { n: number } }) {
  const size = readFileSync('package.json').length;
  writeFileSync('made', String(size));
  const web = await local({ name: 'web-1' });
  const sum = await web.call(add, event.data.n, 2);
  await readFile('gone').catch(() => 'gone');
  await sleep('40ms');
  return { sum };
}`,
  'far.ts': 'export function add(a: number, b: number) { return a + b; }',
  'sleep.ts': SLEEP,
  'steps.ts': STEPS,
  'fails.ts': "export default async () => { throw new RangeError('too far'); };",
});
const ids: { done: string; waiting: string; failed: string } = { done: '', waiting: '', failed: '' };
before(async () => {
  const idOf = (err: string): string => /ses_\w{26}/.exec(err)?.[0] ?? '';
  // One after the other: lists have the order in which they were started, ids the order in which they were made.
  const done = await shop.run(['run', 'main.ts', '-d', '{"n":40}']);
  const waiting = await shop.run(['run', 'sleep.ts', '-d', '3600000', '--park']);
  const failed = await shop.run(['run', 'fails.ts']);
  assert.deepEqual([done.exit, waiting.exit, failed.exit], [0, 3, 1], done.err + waiting.err + failed.err);
  Object.assign(ids, { done: idOf(done.err), waiting: idOf(waiting.err), failed: idOf(failed.err) });
});
after(() => shop[Symbol.dispose]());

/** The rows of a table by their columns, which are at least two blanks apart. */
const cells = (text: string): string[][] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => line.trim().split(/ {2,}/));

test('show: every call with its time, place, line and result', async () => {
  const { out, err, exit } = await shop.run(['show', ids.done]);
  assert.deepEqual([exit, err], [0, '']);
  const [head, returned, titles, ...rows] = cells(out);
  assert.deepEqual(head?.slice(0, 3), ['main.ts:default', ids.done, '✔ done']);
  assert.deepEqual(returned, ['returned { sum: 42 }']);
  assert.deepEqual(titles, ['#', 'at', 'took', 'where', 'line', 'what']);
  assert.deepEqual(
    rows.slice(0, 6).map((row) => [row[3], row[4], row[5]?.replace(/pid .*/, 'pid')]),
    [
      ['program', 'main.ts:8', `✔ fs.readFileSync → ${shownBytes(rows[0]?.[5])}`],
      ['program', 'main.ts:9', '✔ fs.writeFileSync'],
      ['program', 'main.ts:10', '✔ open web-1 → pid'],
      ['web-1', 'main.ts:11', '✔ add → 42'],
      ['program', 'main.ts:12', rows[4]?.[5]],
      ['–', 'main.ts:13', '✔ sleep 0.0s'],
    ],
  );
  assert.match(rows[4]?.[5] ?? '', /^✖ fs\/promises\.readFile → Error: ENOENT: no such file/);
});

/** A Buffer on one line; its bytes do not matter here. */
function shownBytes(text: string | undefined): string {
  return text?.replace('✔ fs.readFileSync → ', '') ?? '';
}

test('show --events: all events in order; --json has the decoded values and not the seed', async () => {
  const [plain, json, calls] = await Promise.all([
    shop.run(['show', ids.done, '--events']),
    shop.run(['show', ids.done, '--events', '--json']),
    shop.run(['show', ids.done, '--json']),
  ]);
  const rows = cells(plain.out).slice(3);
  assert.deepEqual(
    rows.map((row) => row[2]),
    ['start', 'sync', 'sync', 'call', 'done', 'call', 'done', 'call', 'done', 'timer', 'done', 'end'],
  );
  const { events, info } = jsonOf(json).value as unknown as { events: Record<string, unknown>[]; info: { state: string; events: number } };
  assert.deepEqual([info.state, info.events, events.length], ['done', 12, 12]);
  assert.deepEqual(events[0]?.['data'], { n: 40 });
  assert.ok(!('seed' in (events[0] ?? {})));
  assert.doesNotMatch(json.out, /"seed"/);
  assert.deepEqual(events.at(-1)?.['value'], { sum: 42 });
  const shown = jsonOf(calls).value as unknown as { calls: Record<string, unknown>[] };
  assert.deepEqual(
    shown.calls.map((call) => [call['kind'], call['where'], call['what'], call['line'], call['ok']]),
    [
      ['sync', 'program', 'fs.readFileSync', 8, true],
      ['sync', 'program', 'fs.writeFileSync', 9, true],
      ['call', 'program', 'open web-1', 10, true],
      ['call', 'web-1', 'add', 11, true],
      ['call', 'program', 'fs/promises.readFile', 12, false],
      ['timer', 'program', 'sleep', 13, true],
    ],
  );
  assert.equal(shown.calls[3]?.['value'], 42);
});

test('show: the last line says how to go on; a failed session shows its error', async () => {
  const [waiting, failed] = await Promise.all([shop.run(['show', ids.waiting]), shop.run(['show', ids.failed])]);
  assert.match(waiting.out, /⏸ waiting/);
  assert.equal(waiting.out.trimEnd().split('\n').at(-1), `go on with: resprout resume ${ids.waiting}`);
  assert.match(failed.out, /✖ failed/);
  assert.match(failed.out, /^ended with RangeError: too far$/m);
});

test('show --follow: events as they are committed, from the first on, until the session ends', async () => {
  const run = shop.start(['run', 'steps.ts', '-d', '{"steps":5,"ms":250}']);
  await run.until('session ses_');
  const id = /ses_\w{26}/.exec(run.err)?.[0] ?? '';
  const [plain, json] = await Promise.all([shop.run(['show', id, '--follow']), shop.run(['show', id, '--follow', '--json'])]);
  assert.equal((await run.ended).exit, 0);
  assert.deepEqual([plain.exit, json.exit, plain.err], [0, 0, '']);
  const events = json.out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { seq: number; t: string });
  assert.deepEqual(
    events.map(({ seq }) => seq),
    events.map((_, i) => i),
  );
  assert.deepEqual([events[0]?.t, events.at(-1)?.t, events.length], ['start', 'end', 17]);
  assert.equal(plain.out.trimEnd().split('\n').length, 17);
});

test('show --follow: a session that nobody runs is shown and not waited for', async () => {
  const { out, err, exit } = await shop.run(['show', ids.waiting, '--follow']);
  assert.deepEqual([exit, err], [0, `${ids.waiting} is waiting\n`]);
  assert.match(out, /go on with: resprout resume/);
});

test('sessions: a table, the newest first, with what a person does next; --state and --json', async () => {
  const [table, failed, waiting, none, json] = await Promise.all([
    shop.run(['sessions']),
    shop.run(['sessions', '--state', 'failed']),
    shop.run(['sessions', '--state', 'waiting']),
    shop.run(['sessions', '--state', 'damaged']),
    shop.run(['sessions', '--json', '--state', 'waiting']),
  ]);
  const [titles, ...rows] = cells(table.out);
  assert.deepEqual(titles, ['session', 'state', 'program', 'started', 'events', 'calls']);
  assert.deepEqual(
    rows.map((row) => row[0]),
    shop.ids().toReversed(),
  );
  assert.match(failed.out, new RegExp(`${ids.failed} +failed +fails\\.ts:default .* ago +2 +0 +RangeError: too far\n$`));
  assert.match(waiting.out, /waits, due in (5\dm|1h)/);
  assert.deepEqual([none.exit, none.out], [0, '']);
  assert.match(none.err, /no session is damaged/);
  const [info] = jsonOf(json).value as unknown as Record<string, unknown>[];
  assert.deepEqual([info?.['sessionId'], info?.['state'], info?.['exportName']], [ids.waiting, 'waiting', 'default']);
});

test('show --event: one event whole; a number that is none is a usage error', async () => {
  const [one, none] = await Promise.all([shop.run(['show', ids.done, '--event', '1']), shop.run(['show', ids.done, '--event', '4000'])]);
  assert.equal(one.exit, 0, one.err);
  assert.equal((JSON.parse(one.out) as { seq: number }).seq, 1);
  assert.equal(none.exit, 2);
  assert.match(none.err, /USAGE.*has no event 4000/);
});

test('show --html: a page with every call, that only its user may read', async () => {
  const { exit, err } = await shop.run(['show', ids.done, '--html', 'page.html']);
  assert.equal(exit, 0, err);
  const file = join(shop.folder, 'page.html');
  assert.equal(statSync(file).mode & 0o777, 0o600);
  const page = readFileSync(file, 'utf8');
  const { out } = await shop.run(['show', ids.done, '--json']);
  const { calls } = (JSON.parse(out) as { value: { calls: unknown[] } }).value;
  assert.equal([...page.matchAll(/<tr class/g)].length, calls.length);
  assert.ok(page.includes(ids.done));
});
