// ^C on a real terminal, and the other signals: a session parks, says how to go on, and goes on right.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { Shop, jsonOf, nothingLeft, type Problem } from './support/cli.ts';
import { COMMAND, SLEEP, SPIN, SYNC_LOOP } from './support/programs.ts';
import { Pty, noPty } from './support/pty.ts';

const CTRL_C = '\u0003';

const go = (shop: Shop): void => writeFileSync(join(shop.folder, 'go'), '');

test(
  '^C parks: exit 3, how to go on, the calls without result with their lines; the child command sees no SIGINT and is gone',
  { skip: noPty },
  async () => {
    using shop = new Shop({ 'command.ts': COMMAND });
    using pty = new Pty(shop, ['run', 'command.ts', '--grace', '300ms']);
    await shop.until('started');
    pty.keys(CTRL_C);
    assert.equal(await pty.ended, 3, pty.screen.text);
    await nothingLeft(shop.folder);
    const id = shop.onlyId();
    assert.deepEqual(
      pty.screen.lines.filter((line) => line !== '^C'),
      [
        `⏸ parked at event 2; go on with: resprout resume ${id}`,
        '  no result yet, made again at resume:',
        '    child_process.execFile (command.ts:6)',
      ],
    );
    assert.ok(!existsSync(join(shop.folder, 'sigint')), 'a child of the program got the signal of the terminal');
    go(shop);
    const resumed = await shop.run(['resume']);
    assert.deepEqual([resumed.exit, resumed.out], [0, 'went\n'], resumed.err);
  },
);

test('a second ^C does not wait for the grace, and the session can still be resumed', { skip: noPty }, async () => {
  using shop = new Shop({ 'command.ts': COMMAND });
  using pty = new Pty(shop, ['run', 'command.ts', '--grace', '10m']);
  await shop.until('started');
  pty.keys(CTRL_C);
  await pty.until('^C again parks at once');
  pty.keys(CTRL_C);
  assert.equal(await pty.ended, 3, pty.screen.text);
  assert.match(pty.screen.text, /child_process\.execFile \(command\.ts:6\)/);
  await nothingLeft(shop.folder);
  go(shop);
  const resumed = await shop.run(['resume', shop.onlyId().slice(4, 20)]);
  assert.deepEqual([resumed.exit, resumed.out], [0, 'went\n'], resumed.err);
});

test('^C parks a loop of synchronous calls, and ends one that makes no calls when the grace is over', { skip: noPty }, async () => {
  using shop = new Shop({ 'sync-loop.ts': SYNC_LOOP });
  using spinning = new Shop({ 'spin.ts': SPIN });
  using loop = new Pty(shop, ['run', 'sync-loop.ts', '--plain']);
  using spin = new Pty(spinning, ['run', 'spin.ts', '--grace', '200ms', '--plain']);
  await Promise.all([shop.until('started'), spinning.until('started')]);
  loop.keys(CTRL_C);
  spin.keys(CTRL_C);
  assert.deepEqual([await loop.ended, await spin.ended], [3, 3], loop.screen.text + spin.screen.text);
  await Promise.all([nothingLeft(shop.folder), nothingLeft(spinning.folder)]);
  go(shop);
  const resumed = await shop.run(['resume']);
  assert.deepEqual([resumed.exit, resumed.out], [0, 'went\n'], resumed.err);
  const cancelled = await spinning.run(['cancel', spinning.onlyId(), '--grace', '200ms']);
  assert.equal(cancelled.exit, 0, cancelled.err);
});

test('^C during a sleep leaves nothing under way; resume waits for what is left of it', { skip: noPty }, async () => {
  using shop = new Shop({ 'sleep.ts': SLEEP });
  using pty = new Pty(shop, ['run', 'sleep.ts', '-d', '6000']);
  await pty.until('wakes in');
  pty.keys(CTRL_C);
  assert.equal(await pty.ended, 3, pty.screen.text);
  assert.doesNotMatch(pty.screen.text, /no result yet/);
  assert.ok(!existsSync(join(shop.folder, 'finally')), 'parking runs no finally block');
  const resumed = await shop.run(['resume']);
  assert.deepEqual([resumed.exit, resumed.out], [0, 'after\nslept\n'], resumed.err);
  assert.equal(readFileSync(join(shop.folder, 'finally'), 'utf8'), 'ran');
});

test('^C during a connect parks too', { skip: noPty }, async () => {
  using shop = new Shop({
    'connect.ts':
      "import { ssh } from 'resprout';\nexport default async (event: { data: string }) => void (await ssh({ host: '127.0.0.1', port: Number(event.data) }));",
  });
  // Takes the connection and says nothing: ssh waits for the other side's version.
  const silent = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => silent.once('listening', resolve));
  const asked = new Promise<Socket>((resolve) => {
    silent.once('connection', (socket) => resolve(socket.on('error', () => {}).resume()));
  });
  try {
    using pty = new Pty(shop, ['run', 'connect.ts', '-d', `"${(silent.address() as AddressInfo).port}"`, '--grace', '300ms']);
    await asked;
    pty.keys(CTRL_C);
    assert.equal(await pty.ended, 3, pty.screen.text);
    assert.match(pty.screen.text, /open 127\.0\.0\.1.* \(connect\.ts:2\)/);
    await nothingLeft(shop.folder);
    const [session] = jsonOf(await shop.run(['sessions', '--json'])).value as unknown as { state: string }[];
    assert.equal(session?.state, 'parked');
  } finally {
    void asked.then((socket) => socket.destroy());
    silent.close();
  }
});

test('SIGTERM, SIGHUP and a terminal that goes away park as ^C does', { skip: noPty }, async () => {
  using shop = new Shop({ 'sleep.ts': SLEEP });
  const term = shop.start(['run', 'sleep.ts', '-d', '60000']);
  const hup = shop.start(['run', 'sleep.ts', '-d', '60000', '--json']);
  using pty = new Pty(shop, ['run', 'sleep.ts', '-d', '60000']);
  await Promise.all([term.until('wakes in'), hup.until('wakes in'), pty.until('wakes in')]);
  term.kill('SIGTERM');
  hup.kill('SIGHUP');
  pty.hangUp();
  const [ended, json] = await Promise.all([term.ended, hup.ended]);
  assert.deepEqual([ended.exit, json.exit, await pty.ended], [3, 3, 3], ended.err + json.err);
  assert.match(ended.err, /parked at event 2; go on with: resprout resume ses_/);
  const { ok, problem, exit } = jsonOf(json);
  assert.deepEqual([ok, problem?.code, exit], [false, 'SESSION_PARKED', 3]);
  assert.match(problem?.do ?? '', /^resprout resume ses_/);
  await nothingLeft(shop.folder);
  const list = jsonOf(await shop.run(['sessions', '--json', '--state', 'parked'])).value as unknown as unknown[];
  assert.equal(list.length, 3);
});

test('a signal at any moment of the start leaves a store that works and no process', async () => {
  using shop = new Shop({ 'sleep.ts': SLEEP });
  const delays = [0, 40, 80, 120, 160, 200, 260, 340];
  await Promise.all(
    delays.map(async (ms) => {
      const run = shop.start(['run', 'sleep.ts', '-d', '60000']);
      await new Promise((resolve) => setTimeout(resolve, ms));
      run.kill('SIGINT');
      const { exit, signal, err } = await run.ended;
      // Before anybody listens the signal ends the process as it does any other.
      assert.ok(exit === 3 || signal === 'SIGINT', `${exit} ${err}`);
    }),
  );
  await nothingLeft(shop.folder);
  const list = jsonOf(await shop.run(['sessions', '--json'])).value as unknown as { state: string }[];
  for (const { state } of list) assert.ok(state === 'parked' || state === 'interrupted', state);
  const ended = await shop.run(['run', 'sleep.ts', '-d', '0']);
  assert.equal(ended.exit, 0, ended.err);
});

test('--park parks at the first timer; resume without ids takes what was parked or killed, and leaves what waits for a time', async () => {
  using shop = new Shop({ 'sleep.ts': SLEEP });
  const waiting = await shop.run(['run', 'sleep.ts', '-d', '3600000', '--park']);
  assert.equal(waiting.exit, 3, waiting.err);
  assert.match(waiting.err, /waits for a timer that is due in (59m [45]\ds|1h 0m)/);
  const killed = shop.start(['run', 'sleep.ts', '-d', '12000']);
  const parked = shop.start(['run', 'sleep.ts', '-d', '12000']);
  await Promise.all([killed.until('wakes in'), parked.until('wakes in')]);
  killed.kill('SIGKILL');
  parked.kill('SIGINT');
  assert.deepEqual([(await killed.ended).signal, (await parked.ended).exit], ['SIGKILL', 3]);
  await nothingLeft(shop.folder);
  const states = async (): Promise<string[]> =>
    (jsonOf(await shop.run(['sessions', '--json'])).value as unknown as { state: string }[]).map(({ state }) => state).sort();
  assert.deepEqual(await states(), ['interrupted', 'parked', 'waiting']);
  const resumed = await shop.run(['resume', '--json']);
  const value = jsonOf(resumed).value as unknown as { state: string; value: string }[];
  assert.deepEqual(
    value.map((each) => [each.state, each.value]),
    [
      ['done', 'slept'],
      ['done', 'slept'],
    ],
    resumed.err,
  );
  assert.equal(resumed.exit, 0);
  assert.deepEqual(await states(), ['done', 'done', 'waiting']);
  const again = await shop.run(['resume']);
  assert.deepEqual([again.exit, again.out, again.err], [0, '', 'no session of this store is interrupted\n']);
});

test('resume --json of several sessions says ok only when all went well, and gives the highest exit code', async () => {
  using shop = new Shop({
    'nap.ts': `
      import { sleep } from 'resprout/durable';
      export default async function ({ data }: { data: string }) {
        await sleep(3000);
        if (data === 'bad') throw new Error('no good');
        return data;
      }`,
  });
  for (const data of ['good', 'bad']) {
    const parked = await shop.run(['run', 'nap.ts', '-d', JSON.stringify(data), '--park']);
    assert.equal(parked.exit, 3, parked.err);
  }
  const waiting = jsonOf(await shop.run(['sessions', '--json'])).value as unknown as { sessionId: string }[];
  const ended = await shop.run(['resume', ...waiting.map(({ sessionId }) => sessionId), '--json']);
  const all = jsonOf(ended);
  const value = all.value as unknown as { state: string; value?: string; problem?: Problem }[];
  assert.deepEqual([ended.exit, all.ok, all.exit], [1, false, 1], ended.err);
  assert.deepEqual(new Set(value.map((each) => each.value ?? each.problem?.code)), new Set(['good', 'PROGRAM_FAILED']));
});
