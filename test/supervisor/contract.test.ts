// The steps of the owner, and what is refused before anything begins.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { supervise, tree, unit } from '../../src/supervisor.ts';
import { freePort } from '../support/free-port.ts';
import { until } from '../support/until.ts';
import { Heard, withFile } from './support/lives.ts';
import { Asked, BadCancel, Environment, Serves, Slow, unprepared, Waits } from './support/runtimes.ts';

for (const place of ['thread', 'process'] as const) {
  test(
    `${place}: prepare, cancel and what was deferred run in the owner, each once; run ends by the way of the Runtime`,
    { timeout: 200_000 },
    () =>
      withFile(async (file, lines) => {
        const heard = new Heard();
        const supervisor = await supervise(Asked, { file }, { in: place, ready: 'told', cancelMs: 20_000, onEvent: heard.onEvent });
        await Promise.all([supervisor.close(), supervisor.close()]);
        await supervisor.close();
        const own = String(process.pid);
        const seen = lines().map((line) => line.replace(own, 'owner').replace(/\d+/, 'unit'));
        const there = place === 'thread' ? 'down owner' : 'down unit';
        assert.deepEqual(seen, ['prepared owner', 'cancelled owner', there, 'released last', 'released first']);
        assert.deepEqual(
          heard.ends.map(({ how, isTornDown }) => [how, isTornDown]),
          [['returned', true]],
        );
      }),
  );

  test(`${place}: a cancel that throws is told, and the signal ends run`, { timeout: 200_000 }, async () => {
    const heard = new Heard();
    const supervisor = await supervise(BadCancel, undefined, { in: place, onEvent: heard.onEvent });
    await supervisor.close();
    const [end] = heard.ends;
    assert.deepEqual([end?.how, end?.isTornDown, end?.also.map(({ phase }) => phase)], ['cancelled', true, ['cancel']]);
    assert.match(String(end?.also[0]?.error.message), /^BadCancel failed in cancel: nobody answers$/);
  });

  test(`${place}: a start of 5 s that is given up takes less than 4 s, and leaves nothing`, { timeout: 200_000 }, async () => {
    // A machine that stands still for a moment may be late, but not each time.
    const tookMs: number[] = [];
    while (tookMs.length < 3 && tookMs.every((ms) => ms >= 4000)) {
      const heard = new Heard();
      const stop = new AbortController();
      const units = [unit(Waits, undefined, { in: place }), unit(Slow, undefined, { in: place })];
      const started = supervise(tree({ units }), { signal: stop.signal, onEvent: heard.onEvent });
      await until('the start of the slow one', () => heard.states('starting').includes('Slow starting'));
      const stoppedMs = performance.now();
      stop.abort(new Error('enough'));
      await assert.rejects(started, /^Error: enough$/);
      tookMs.push(performance.now() - stoppedMs);
      assert.deepEqual(heard.states('ended'), ['Slow ended', 'Waits ended']);
    }
    assert.ok(Math.min(...tookMs) < 4000, `${tookMs.join(', ')} ms`);
  });

  test(
    `${place}: a prepare that throws is a failed start, and nothing else is called but what it deferred`,
    { timeout: 200_000 },
    async () => {
      const heard = new Heard();
      const thrown = await supervise(unprepared, undefined, { name: 'unprepared', in: place, onEvent: heard.onEvent }).then(
        () => undefined,
        (error: unknown) => error as Error & { code: string },
      );
      assert.deepEqual([thrown?.code, thrown?.message], ['UNIT_FAILED', 'unprepared failed in prepare: RangeError: no port is free']);
      assert.equal((thrown?.cause as Error | undefined)?.name, 'RangeError');
      assert.match(String(thrown?.stack), /contract\.test\.ts/, 'the stack of the owner');
      assert.deepEqual(heard.states('preparing', 'starting', 'ready', 'ended'), ['unprepared preparing', 'unprepared ended']);
      assert.deepEqual(
        heard.ends.map(({ also, how }) => [how, also.map(({ phase }) => phase)]),
        [['failed', ['release']]],
      );
    },
  );
}

test('supervise() refuses what is no Runtime, what is not exported and what a place cannot do', async () => {
  const refused = async (use: () => Promise<unknown>, code: string, text: RegExp): Promise<void> => {
    const error = await (async () => await use())().then(
      () => undefined,
      (thrown: unknown) => thrown as { code: string; message: string },
    );
    assert.equal(error?.code, code, String(error?.message));
    assert.match(error.message, text);
  };
  class Nested extends Waits {}
  await refused(() => supervise({} as never), 'RUNTIME_INVALID', /has no function run/);
  await refused(() => supervise((() => {}) as never), 'RUNTIME_INVALID', /is a function, not a class/);
  await refused(() => supervise(Nested), 'RUNTIME_INVALID', /"Nested" is not found among the exports/);
  await refused(() => supervise(Waits, undefined, { startMs: -1 }), 'SUPERVISE_INVALID', /startMs is -1/);
  await refused(() => supervise(Waits, undefined, { ready: 'soon' as never }), 'SUPERVISE_INVALID', /ready is "soon"/);
  await refused(() => supervise(Waits, undefined, { restart: 'always' as never }), 'SUPERVISE_INVALID', /restart is "always"/);
  await refused(() => Promise.resolve(tree({ units: [unit(Waits), unit(Waits)] })), 'SUPERVISE_INVALID', /name is "Waits"/);
  await refused(() => supervise(Waits, undefined, { in: 'thread', cwd: '/tmp' }), 'UNIT_FAILED', /runs in a thread, which has no cwd/);
});

test('the environment of a unit is its own: the owner keeps what it has', { timeout: 200_000 }, () =>
  withFile(async (file, lines) => {
    process.env['RESPROUT_TEST_VALUE'] = 'owner';
    for (const place of ['thread', 'process'] as const) {
      const supervisor = await supervise(Environment, file, { in: place, env: { RESPROUT_TEST_VALUE: place } });
      await supervisor.close();
      assert.equal(process.env['RESPROUT_TEST_VALUE'], 'owner');
    }
    delete process.env['RESPROUT_TEST_VALUE'];
    assert.deepEqual(lines(), ['thread changed', 'process changed']);
  }),
);

test('a second unit on a used port is a failed start, also when it listens in run', { timeout: 200_000 }, async () => {
  const port = await freePort();
  await using first = await supervise(Serves, { port }, { in: 'thread' });
  for (const inRun of [false, true]) {
    const second = supervise(Serves, { port, inRun }, { in: 'process', ready: 'told' });
    await assert.rejects(second, (error: Error & { code?: string }) => {
      assert.equal(error.code, 'UNIT_FAILED');
      assert.match(error.message, new RegExp(`threw in ${inRun ? 'run' : 'setup'}: listen EADDRINUSE`));
      return (error.cause as { code?: string }).code === 'EADDRINUSE';
    });
  }
  assert.equal(first.snapshot()[0]?.state, 'ready');
});
