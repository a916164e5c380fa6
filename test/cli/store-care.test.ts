// Lists of a store, `last`, and what removes sessions from it: rm, prune, and the setting that does it after a run.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Shop, jsonOf, nothingLeft } from './support/cli.ts';
import { SLEEP } from './support/programs.ts';
import { refused } from './support/refused.ts';

/** Sleeps until the file `go` is there. */
const HOLD = `
import { sleep } from 'resprout/durable';
import { existsSync } from 'node:fs';
export default async function () {
  console.log('before');
  while (!existsSync('go')) await sleep(1500);
  console.log('after');
  return 'slept';
}
`;
const QUICK = `export default (event) => event.data;\n`;

interface Listed {
  readonly sessionId: string;
  readonly state: string;
  readonly events: number;
  readonly calls: number;
  readonly exitCode?: number;
}

async function listed(shop: Shop, ...options: string[]): Promise<Listed[]> {
  return jsonOf(await shop.run(['sessions', '--json', ...options])).value as unknown as Listed[];
}

/** Runs a program to its end and gives the id of its session. */
async function ran(shop: Shop, file: string, ...options: string[]): Promise<string> {
  const before = new Set(shop.ids());
  const { exit, err } = await shop.run(['run', file, '-d', '1', ...options]);
  assert.ok(exit === 0 || exit === 1, err);
  const [id] = shop.ids().filter((one) => !before.has(one));
  return id ?? '';
}

/** As if nobody had used the builds of a store for two days. */
function ageBuilds(shop: Shop): void {
  const builds = join(shop.store, 'builds');
  const old = new Date(Date.now() - 48 * 3_600_000);
  for (const name of readdirSync(builds, { recursive: true })) utimesSync(join(builds, String(name)), old, old);
}

const manifests = (shop: Shop): string[] => readdirSync(join(shop.store, 'builds')).filter((name) => name.endsWith('.json'));

test('last is the session that was started last, wherever a session is named', async () => {
  using shop = new Shop({ 'quick.mjs': QUICK, 'sleep.ts': SLEEP });
  await ran(shop, 'quick.mjs');
  const second = await ran(shop, 'quick.mjs');
  assert.match((await shop.run(['show', 'last'])).out, new RegExp(second));
  assert.match((await shop.run(['replay', 'last'])).err, new RegExp(second));
  await shop.run(['run', 'sleep.ts', '-d', '4000', '--park']);
  const resumed = await shop.run(['resume', 'last']);
  assert.deepEqual([resumed.exit, resumed.out], [0, 'after\nslept\n'], resumed.err);
  const removed = await shop.run(['rm', 'last', '--json']);
  assert.equal(jsonOf(removed).ok, true);
  assert.equal(shop.ids().at(-1), second);
});

test('sessions --limit and --state take the newest of what is wanted; each line has its calls and its exit code', async () => {
  using shop = new Shop({ 'quick.mjs': QUICK, 'bad.mjs': "export default async () => { await fetch('http://127.0.0.1:1/'); };\n" });
  const ids = [await ran(shop, 'quick.mjs'), await ran(shop, 'bad.mjs'), await ran(shop, 'quick.mjs')].toReversed();
  const all = await listed(shop);
  assert.deepEqual(
    all.map(({ sessionId, state, calls, exitCode }) => [sessionId, state, calls, exitCode]),
    [
      [ids[0], 'done', 0, 0],
      [ids[1], 'failed', 1, 1],
      [ids[2], 'done', 0, 0],
    ],
  );
  assert.deepEqual((await listed(shop, '--limit', '2')).length, 2);
  assert.deepEqual(
    (await listed(shop, '--state', 'done,parked', '--limit', '1')).map(({ sessionId }) => sessionId),
    ids.slice(0, 1),
  );
  const { out, err } = await shop.run(['sessions', '--limit', '1']);
  assert.match(out, new RegExp(`^session .*calls.*\n${ids[0]} `));
  assert.match(err, /the 1 that were started last; --limit 5 shows more/);
  await refused(shop, ['sessions', '--limit', '0'], 'USAGE');
  await refused(shop, ['sessions', '--state', 'gone'], 'USAGE');
});

test('rm: a session goes with its journal and its builds, a running one and one that is not there do not', async () => {
  using shop = new Shop({ 'quick.mjs': QUICK, 'sleep.ts': SLEEP });
  const quick = await ran(shop, 'quick.mjs');
  ageBuilds(shop);
  const run = shop.start(['run', 'sleep.ts', '-d', '3600000']);
  await run.until('wakes in');
  const sleeping = shop.ids().find((id) => id !== quick) ?? '';
  await refused(shop, ['rm', sleeping], 'SESSION_HELD');
  await refused(shop, ['rm', '01zzz'], 'SESSION_MISSING');
  assert.equal(manifests(shop).length, 2);
  const removed = await shop.run(['rm', quick]);
  assert.equal(removed.exit, 0, removed.err);
  assert.match(removed.err, new RegExp(`^${quick} is removed\n1 build that no session needs any more\n$`));
  assert.deepEqual([shop.ids(), manifests(shop).length], [[sleeping], 1]);
  assert.equal((await shop.run(['cancel', sleeping])).exit, 0);
  await run.ended;
  assert.equal((await shop.run(['rm', sleeping])).exit, 0);
  assert.deepEqual(await listed(shop), []);
  // What has been built today stays: somebody may be about to run it.
  assert.equal(manifests(shop).length, 1);
  await nothingLeft(shop.folder);
});

test('rm: what a parked session needs to go on stays, however old it is, and it goes on', async () => {
  using shop = new Shop({ 'quick.mjs': QUICK, 'sleep.ts': SLEEP });
  await shop.run(['run', 'sleep.ts', '-d', '4000', '--park']);
  const parked = shop.onlyId();
  const quick = await ran(shop, 'quick.mjs');
  ageBuilds(shop);
  assert.equal((await shop.run(['rm', quick])).exit, 0);
  rmSync(join(shop.folder, 'sleep.ts'));
  const resumed = await shop.run(['resume', parked]);
  assert.deepEqual([resumed.exit, resumed.out], [0, 'after\nslept\n'], resumed.err);
});

test('rm: no build goes while a journal cannot be read, which may need any', async () => {
  using shop = new Shop({ 'quick.mjs': QUICK });
  const quick = await ran(shop, 'quick.mjs');
  ageBuilds(shop);
  const damaged = join(shop.store, 'runs', `ses_${'1'.repeat(26)}`);
  mkdirSync(damaged, { mode: 0o755 });
  writeFileSync(join(damaged, 'journal-1.db'), 'not a journal', { mode: 0o644 });
  assert.deepEqual((await listed(shop)).map(({ state }) => state).sort(), ['damaged', 'done']);
  assert.equal((await shop.run(['rm', quick])).exit, 0);
  assert.equal(manifests(shop).length, 1);
});

test('prune: old sessions go, and none that runs, beside ten that are running', async () => {
  using shop = new Shop({ 'quick.mjs': QUICK, 'hold.ts': HOLD });
  const ended = [await ran(shop, 'quick.mjs'), await ran(shop, 'quick.mjs')];
  const running = Array.from({ length: 10 }, () => shop.start(['run', 'hold.ts']));
  for (const run of running) await run.until('wakes in');
  const dry = await shop.run(['prune', '--older-than', '0s', '--dry-run', '--json']);
  assert.deepEqual(jsonOf(dry).value, { dryRun: true, sessions: ended.toReversed(), builds: 0 });
  assert.equal(shop.ids().length, 12);
  // All states: those that run are not among what is looked for, and could not be claimed.
  const all = 'parked,waiting,interrupted,done,failed,cancelled,damaged';
  const pruned = await Promise.all([0, 1].map(async () => await shop.run(['prune', '--older-than', '0s', '--state', all, '--json'])));
  const gone = pruned.flatMap((one) => (jsonOf(one).value as unknown as { sessions: string[] }).sessions);
  assert.deepEqual(gone.sort(), ended.toSorted());
  shop.program.write('go', '');
  for (const run of running) {
    const { exit, out, err } = await run.ended;
    assert.deepEqual([exit, out], [0, 'before\nafter\nslept\n'], err);
  }
  assert.deepEqual(
    (await listed(shop)).map(({ state }) => state),
    Array.from({ length: 10 }, () => 'done'),
  );
  await refused(shop, ['prune'], 'USAGE');
  await refused(shop, ['prune', '--older-than', '0s', '--state', 'running'], 'USAGE');
  await nothingLeft(shop.folder);
});

test('retention: after a run the ended sessions go that the settings do not keep, unless --keep says otherwise', async () => {
  using shop = new Shop({ 'quick.mjs': QUICK, 'sleep.ts': SLEEP, 'package.json': '{ "type": "module" }' });
  await shop.run(['run', 'sleep.ts', '-d', '3600000', '--park']);
  const parked = shop.onlyId();
  const ids: string[] = [];
  for (let i = 0; i < 3; i++) ids.push(await ran(shop, 'quick.mjs'));
  shop.program.write('resprout.config.json', '{ "retention": { "atMost": 2 } }');
  ids.push(await ran(shop, 'quick.mjs', '--keep'));
  assert.equal(shop.ids().length, 5);
  ids.push(await ran(shop, 'quick.mjs'));
  assert.deepEqual(shop.ids(), [parked, ...ids.slice(-2)].sort());
  shop.program.write('resprout.config.json', '{ "retention": { "olderThan": "0s", "atMost": false } }');
  const verbose = await shop.run(['run', 'quick.mjs', '-v']);
  assert.match(verbose.err, /3 sessions that had ended long ago removed/);
  assert.deepEqual(shop.ids(), [parked]);
  shop.program.write('resprout.config.json', '{ "retention": false }');
  await ran(shop, 'quick.mjs');
  assert.equal(shop.ids().length, 2);
});

test('retention: settings that cannot be understood are an error that names them, and nothing goes', async () => {
  using shop = new Shop({ 'quick.mjs': QUICK, 'package.json': '{ "type": "module" }' });
  await ran(shop, 'quick.mjs');
  for (const wrong of ['{ "olderThan": "30" }', '{ "atMost": -1 }', '{ "keep": 1 }', '[]', 'true']) {
    shop.program.write('resprout.config.json', `{ "retention": ${wrong} }`);
    await refused(shop, ['run', 'quick.mjs'], 'CONFIG_INVALID');
  }
  assert.ok(existsSync(join(shop.store, 'runs', shop.onlyId())));
});
