// Trees of real units: order, restarts, budgets, escalation, health.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { probeBy, probeHttp, probeTcp, runUntilSignal, supervise, tree, unit, type UnitSnapshot } from '../../src/supervisor.ts';
import { until } from '../support/until.ts';
import { Heard, withFile } from './support/lives.ts';
import { Falls, Waits, Writes } from './support/runtimes.ts';

const LIMIT = { timeout: 200_000 };
const THREAD = { in: 'thread', backOff: { firstMs: 1 } } as const;
const byName = (units: readonly UnitSnapshot[], name: string): UnitSnapshot => {
  const found = units.find((one) => one.unit === name);
  assert.ok(found !== undefined);
  return found;
};

test('units start in the order of their declaration, each when the one before is ready, and stop in reverse', LIMIT, async () => {
  const heard = new Heard();
  const units = ['a', 'b', 'c'].map((name) => unit(Waits, undefined, { ...THREAD, name }));
  const supervisor = await supervise(tree({ units }), heard);
  await supervisor.close();
  const order = ['a', 'b', 'c'].flatMap((name) => [`${name} preparing`, `${name} ready`]);
  assert.deepEqual(heard.states('preparing', 'ready'), order);
  assert.deepEqual(
    heard.states('stopping', 'ended'),
    ['c', 'b', 'a'].flatMap((name) => [`${name} stopping`, `${name} ended`]),
  );
});

test('units of an inner list start and stop side by side, as many at once as allowed; what is behind them waits', LIMIT, async () => {
  const heard = new Heard();
  let starting = 0;
  let most = 0;
  const onEvent: typeof heard.onEvent = (event) => {
    heard.onEvent(event);
    if (event.kind === 'state' && event.unit.startsWith('inner') && event.state === 'preparing') most = Math.max(most, ++starting);
    if (event.kind === 'state' && event.unit.startsWith('inner') && event.state === 'ready') starting--;
  };
  const inner = Array.from({ length: 5 }, (_, n) => unit(Waits, undefined, { ...THREAD, name: `inner-${n}` }));
  const units = [unit(Waits, undefined, { ...THREAD, name: 'first' }), inner, unit(Waits, undefined, { ...THREAD, name: 'last' })];
  const supervisor = await supervise(tree({ strategy: 'rest-for-one', startsAtOnce: 3, units }), { onEvent });
  assert.equal(most, 3, 'three are starting at once');
  const begun = heard.states('preparing', 'ready');
  assert.deepEqual(begun.slice(0, 5), ['first preparing', 'first ready', 'inner-0 preparing', 'inner-1 preparing', 'inner-2 preparing']);
  assert.deepEqual(begun.slice(-2), ['last preparing', 'last ready']);
  supervisor.recycle('inner-2');
  await until('a new life', () => byName(supervisor.snapshot(), 'inner-2').lives === 2);
  await until('that it is ready', () => supervisor.snapshot().every(({ state }) => state === 'ready'));
  await supervisor.close();
  const ends = heard.states('stopping', 'ended').slice(2);
  assert.deepEqual(ends.slice(0, 2), ['last stopping', 'last ended']);
  assert.deepEqual(
    ends.slice(2, 7).map((line) => line.split(' ')[1]),
    Array.from({ length: 5 }, () => 'stopping'),
    'all of the list are stopped before one of them has ended',
  );
  assert.deepEqual(ends.slice(-2), ['first stopping', 'first ended']);
});

test('rest-for-one leaves those alone that start beside the fallen one', LIMIT, async () => {
  const names = ['above', 'beside', 'fallen', 'below'] as const;
  const [above, beside, fallen, below] = names.map((name) => unit(Waits, undefined, { name, backOff: { firstMs: 1 } }));
  assert.ok(above !== undefined && beside !== undefined && fallen !== undefined && below !== undefined);
  await using supervisor = await supervise(tree({ strategy: 'rest-for-one', units: [above, [beside, fallen], below] }));
  process.kill(byName(supervisor.snapshot(), 'fallen').pid ?? 0, 'SIGKILL');
  await until('new lives', () => supervisor.snapshot().every(({ lives, state }, n) => lives === (n < 2 ? 1 : 2) && state === 'ready'));
});

test('a unit that fails in the first start ends those before it; the reason is thrown', LIMIT, async () => {
  const heard = new Heard();
  const units = [unit(Waits, undefined, { ...THREAD, name: 'a' }), unit(Falls, { afterMs: 50 }, { ...THREAD, name: 'b', ready: 'told' })];
  await assert.rejects(supervise(tree({ units }), heard), { code: 'UNIT_FAILED', message: 'b threw in run: it fell' });
  assert.deepEqual(heard.states('ended'), ['b ended', 'a ended']);
});

for (const [strategy, lives] of [
  ['one-for-one', [1, 2, 1]],
  ['one-for-all', [2, 2, 2]],
  ['rest-for-one', [1, 2, 2]],
] as const)
  test(`${strategy} makes new whom it has to: processes, the middle one killed`, LIMIT, () =>
    withFile(async (file, lines) => {
      const units = ['a', 'b', 'c'].map((name) => unit(Writes, { file, name }, { name, backOff: { firstMs: 1 } }));
      const supervisor = await supervise(tree({ strategy, units }));
      process.kill(byName(supervisor.snapshot(), 'b').pid ?? 0, 'SIGKILL');
      await until('new lives', () => supervisor.snapshot().every((one, at) => one.lives === lives[at] && one.state === 'ready'));
      await supervisor.close();
      const ups = lines()
        .filter((line) => line.includes(' up '))
        .map((line) => line.split(' up ')[0]);
      assert.deepEqual(
        ups.slice(3),
        ['a 2', 'b 2', 'c 2'].filter((_, at) => lives[at] === 2),
      );
      const downs = lines().filter((line) => line.endsWith(' 1 down'));
      const asked = { 'one-for-one': ['c', 'a'], 'one-for-all': ['c', 'a'], 'rest-for-one': ['c', 'a'] }[strategy];
      assert.deepEqual(
        downs,
        asked.map((name) => `${name} 1 down`),
        'the first lives end in reverse',
      );
    }),
  );

test('a budget that is spent ends everything, with the last failure as the cause', LIMIT, async () => {
  const heard = new Heard();
  const units = [unit(Waits, undefined, THREAD), unit(Falls, { afterMs: 30 }, THREAD)];
  const supervisor = await supervise(tree({ name: 'shop', budget: { restarts: 2, withinMs: 60_000 }, units }), heard);
  const { error, how } = await supervisor.ended;
  assert.deepEqual(
    [how, error?.code, (error?.cause as Error | undefined)?.message],
    ['gave-up', 'SUPERVISE_GAVE_UP', 'Falls threw in run: it fell'],
  );
  assert.deepEqual(
    supervisor.snapshot().map(({ lives, state }) => [lives, state]),
    [
      [1, 'ended'],
      [3, 'ended'],
    ],
  );
  await assert.rejects(runUntilSignal(supervisor), { code: 'SUPERVISE_GAVE_UP' });
});

test('a supervisor below that gives up is made new by the one above, until that gives up too', LIMIT, async () => {
  const heard = new Heard();
  const below = tree({ name: 'below', budget: { restarts: 1 }, backOff: { firstMs: 1 }, units: [unit(Falls, { afterMs: 30 }, THREAD)] });
  const supervisor = await supervise(tree({ name: 'above', budget: { restarts: 1 }, units: [below] }), heard);
  const { error, how } = await supervisor.ended;
  assert.equal(how, 'gave-up');
  assert.match(String(error?.message), /^above gave up/);
  assert.match(String((error?.cause as Error | undefined)?.message), /^below gave up/);
  // Two lives of the one below, each with its first life and one restart.
  assert.equal(heard.states('preparing').filter((one) => one === 'below/Falls preparing').length, 4);
});

test('exit codes that mean stop, and temporary units, are not started again; nothing left to keep is an end', LIMIT, async () => {
  const units = [
    unit(Falls, { afterMs: 30, code: 7 }, { ...THREAD, name: 'stops', stopExitCodes: [7] }),
    unit(Falls, { afterMs: 60 }, { ...THREAD, name: 'once', restart: 'temporary' }),
    unit(Falls, { afterMs: 90, code: 0 }, { ...THREAD, name: 'clean', restart: 'transient' }),
  ];
  const supervisor = await supervise(tree({ units }));
  assert.deepEqual(await supervisor.ended, { how: 'finished', error: undefined });
  assert.deepEqual(
    supervisor.snapshot().map(({ lives }) => lives),
    [1, 1, 1],
  );
});

test('recycling is no crash: by order and by age, with a budget of none', LIMIT, async () => {
  const heard = new Heard();
  const units = [unit(Waits, undefined, { ...THREAD, name: 'asked' }), unit(Waits, undefined, { ...THREAD, name: 'old', maxAgeMs: 200 })];
  await using supervisor = await supervise(tree({ budget: { restarts: 0 }, units }), heard);
  supervisor.recycle('asked');
  await until('new lives', () => supervisor.snapshot().every(({ lives }) => lives > 1));
  assert.ok(heard.ends.every(({ how, isRecycled }) => how === 'cancelled' && isRecycled));
  assert.throws(() => supervisor.recycle('nobody'), { code: 'SUPERVISE_INVALID' });
});

test('readiness by HTTP, TCP and a function; a liveness that answers badly makes new', LIMIT, async () => {
  let isGood = true;
  let asked = 0;
  const server = createServer((_request, response) => {
    asked++;
    response.writeHead(asked < 3 ? 503 : 200).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const pace = { periodMs: 20 };
  const heard = new Heard();
  const liveness = { ...probeBy(() => isGood, pace), failures: 2 };
  const units = [
    unit(Waits, undefined, { ...THREAD, name: 'http', ready: probeHttp(`http://127.0.0.1:${port}/`, pace), liveness }),
    unit(Waits, undefined, { ...THREAD, name: 'tcp', ready: probeTcp({ port }, pace) }),
  ];
  const supervisor = await supervise(tree({ units }), heard);
  assert.ok(asked >= 3, `asked ${asked} times`);
  isGood = false;
  await until('an end', () => heard.ends.length > 0);
  isGood = true;
  await until(
    'a new life',
    () => byName(supervisor.snapshot(), 'http').lives === 2 && byName(supervisor.snapshot(), 'http').state === 'ready',
  );
  const [end] = heard.ends;
  assert.deepEqual([end?.how, end?.failure?.kind], ['failed', 'unhealthy']);
  await supervisor.close();
  const dead = supervise(Waits, undefined, { ...THREAD, startMs: 500, ready: probeTcp({ port: 1 }, pace) });
  await assert.rejects(dead, { code: 'UNIT_LATE' });
  await new Promise((resolve) => server.close(resolve));
});

test('events() gives what happens, and ends with the supervisor', LIMIT, async () => {
  const supervisor = await supervise(Waits, undefined, THREAD);
  const events = supervisor.events();
  const read = (async () => {
    const kinds: string[] = [];
    for await (const event of events) kinds.push(event.kind === 'state' ? event.state : event.kind);
    return kinds;
  })();
  await supervisor.close();
  assert.deepEqual(await read, ['stopping', 'ended', 'ended']);
});
