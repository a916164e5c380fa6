// Groups of real replicas: calls, changes, ends.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { local } from '../../src/index.ts';
import { group, supervise, tree, unit, type PlaceName, type Replicas } from '../../src/supervisor.ts';
import { until } from '../support/until.ts';
import { Heard, withFile } from './support/lives.ts';
import { Waits } from './support/runtimes.ts';
import { Answers } from './support/workers.ts';

const LIMIT = { timeout: 200_000 };
const FAST = { firstMs: 1 };

const codes = (results: readonly PromiseSettledResult<unknown>[]): readonly unknown[] =>
  results.map((one) => (one.status === 'fulfilled' ? 'ok' : (one.reason as { code?: string }).code));
const namesOf = (replicas: Replicas<typeof Answers>): readonly string[] => replicas.snapshot().map((one) => one.unit);

async function withPlace(name: 'thread' | 'process' | 'context', use: (place: PlaceName) => Promise<void>): Promise<void> {
  if (name !== 'context') return await use(name);
  await using context = await local({ name: 'group' });
  await use(context);
}

for (const name of ['thread', 'process', 'context'] as const) {
  test(`${name}: calls go to the replicas in turn; values, errors and what cannot cross come back`, LIMIT, () =>
    withPlace(name, async (place) => {
      await using web = await supervise(group(Answers, { version: 'a' }, { name: 'web', in: place, dispatch: 'round-robin' }));
      const who = [await web.call('who'), await web.call('who'), await web.call('who')];
      assert.deepEqual(
        who.map((one) => [one.name, one.life, one.version]),
        ['web-0', 'web-1', 'web-0'].map((one) => [one, 1, 'a']),
      );
      const value = { map: new Map([['a', 1n]]), at: new Date(0), bytes: new Uint8Array([1, 2, 3]) };
      assert.deepEqual(await web.call('echo', value as never), value);
      await assert.rejects(web.call('refuse'), (error: Error & { code?: string }) => {
        assert.deepEqual([error.name, error.message, error.code], ['RangeError', 'not that', 'E_NOT']);
        assert.match(String(error.stack), /workers\.ts/, 'the stack of the place');
        assert.match(String(error.stack), /groups\.test\.ts/, 'the stack of the caller');
        return true;
      });
      await assert.rejects(web.call('unsendable' as 'who'), { code: 'REMOTE_VALUE_UNSENDABLE' });
      await assert.rejects(web.call('echo', (() => 1) as never), { code: 'REMOTE_VALUE_UNSENDABLE' });
      for (const method of ['run', 'teardown', 'constructor', 'toString', 'nothing'])
        await assert.rejects(web.call(method as 'who'), { code: 'RUNTIME_INVALID' });
      assert.deepEqual(codes(await Promise.allSettled([web.call('who'), web.call('who')])), ['ok', 'ok'], 'nobody is left occupied');
    }),
  );

  test(`${name}: a call that is given up rejects at once, and its method is told; a late one too`, LIMIT, () =>
    withFile((file, lines) =>
      withPlace(name, async (place) => {
        await using web = await supervise(group(Answers, { file }, { name: 'web', in: place, replicas: 1 }));
        const stop = new AbortController();
        const given = web.with({ signal: stop.signal }).call('hang');
        await until('the call', () => lines().includes('web-0 hangs'));
        stop.abort(new Error('enough'));
        await assert.rejects(given, (error: Error & { code?: string }) => {
          assert.equal(error.code, 'GROUP_CALL_ABORTED');
          return (error.cause as Error).message === 'enough';
        });
        await until('that it is told', () => lines().includes('web-0 given up'));
        assert.equal((await web.call('who')).name, 'web-0', 'its place is free again');
        await assert.rejects(web.with({ timeoutMs: 3000 }).call('hang'), { code: 'GROUP_CALL_LATE' });
        await until('that it is told again', () => lines().filter((line) => line === 'web-0 given up').length === 2);
        assert.equal((await web.call('who')).name, 'web-0', 'its place is free again');
        await assert.rejects(web.with({ signal: AbortSignal.abort() }).call('who'), { code: 'GROUP_CALL_ABORTED' });
      }),
    ),
  );

  test(`${name}: a replica that ends takes its call with it, and the next one goes to another`, LIMIT, () =>
    withPlace(name, async (place) => {
      const options = { name: 'web', in: place, backOff: FAST, queue: 10 } as const;
      await using web = await supervise(group(Answers, {}, options));
      const results = await Promise.allSettled([
        web.call('exit'),
        web.call('after', 200),
        web.call('who'),
        web.call('who'),
        web.call('who'),
      ]);
      assert.deepEqual(codes(results), ['UNIT_LOST', 'ok', 'ok', 'ok', 'ok']);
      await until('another life', () => web.snapshot().some(({ lives, state }) => lives === 2 && state === 'ready'));
    }),
  );

  test(`${name}: an update under load fails no call, and leaves replicas of the new arguments only`, LIMIT, () =>
    withPlace(name, async (place) => {
      const heard = new Heard();
      await using web = await supervise(group(Answers, { version: 'a' }, { name: 'web', in: place, concurrency: 4 }), heard);
      let isOn = true;
      let most = 0;
      let least = 9;
      const versions = new Set<string>();
      const load = async (): Promise<void> => {
        while (isOn) {
          versions.add(await web.call('after', 5));
          const replicas = web.snapshot();
          most = Math.max(most, replicas.length);
          least = Math.min(least, replicas.filter(({ state }) => state === 'ready').length);
        }
      };
      const loads = Array.from({ length: 8 }, load);
      await web.update({ version: 'b' });
      isOn = false;
      await Promise.all(loads);
      assert.deepEqual([...versions].sort(), ['a', 'b']);
      assert.deepEqual([most, least], [3, 2], 'the most and the fewest replicas');
      assert.deepEqual(namesOf(web), ['web-2', 'web-3']);
      assert.deepEqual(new Set([(await web.call('who')).version, (await web.call('who')).version]), new Set(['b']));
      const changed = heard.events.flatMap((event) => (event.kind === 'changed' ? `${event.unit} ${event.what} ${event.replicas}` : []));
      assert.deepEqual(changed, ['web updated 2']);
    }),
  );
}

test('a call that comes when its only replica is gone waits for the next life', LIMIT, async () => {
  const late = Promise.withResolvers<{ readonly life: number }>();
  const told = { gone: (): void => {} };
  const options = { name: 'web', replicas: 1, backOff: FAST } as const;
  await using web = await supervise(group(Answers, {}, options), {
    onEvent: (event) => event.kind === 'state' && event.state === 'stopping' && told.gone(),
  });
  told.gone = () => {
    told.gone = () => {};
    late.resolve(web.call('who'));
  };
  process.kill(web.snapshot()[0]?.pid ?? 0, 'SIGKILL');
  assert.equal((await late.promise).life, 2);
});

for (const falls of ['setup', 'soon'] as const)
  test(`an update whose replicas fall in ${falls} is taken back without a failed call, with the reason`, LIMIT, async () => {
    // No new replica lives long enough to count as good, however late its fall is heard of.
    const options = { name: 'web', in: 'thread', concurrency: 2, minReadyMs: 60_000, queue: 100 } as const;
    await using web = await supervise(group(Answers, { version: 'a' }, options));
    let isOn = true;
    const load = (async () => {
      let count = 0;
      // One that has become ready gets calls, and takes them with it when it falls: that is no other than a crash.
      for (; isOn; count++) await web.call('after', 5).catch((error: { code?: string }) => assert.equal(error.code, 'UNIT_LOST'));
      return count;
    })();
    await assert.rejects(web.update({ version: 'b', falls }), (error: Error & { code?: string }) => {
      assert.equal(error.code, 'GROUP_NOT_CHANGED');
      return (error.cause as { code?: string }).code === 'UNIT_FAILED';
    });
    isOn = false;
    assert.ok((await load) > 0);
    assert.equal((await web.call('who')).version, 'a');
    assert.deepEqual(namesOf(web), ['web-0', 'web-1'], 'the old ones were never touched');
  });

test('an update is taken back by its signal', LIMIT, async () => {
  await using web = await supervise(group(Answers, { version: 'a' }, { name: 'web', in: 'thread', minReadyMs: 60_000 }));
  const stop = new AbortController();
  const updated = web.update({ version: 'b' }, { signal: stop.signal });
  await until('a new replica', () => web.snapshot().some((one) => one.unit === 'web-2' && one.state === 'ready'));
  stop.abort(new Error('not today'));
  await assert.rejects(updated, { code: 'GROUP_NOT_CHANGED', message: /not today$/ });
  assert.deepEqual(namesOf(web), ['web-0', 'web-1']);
});

test('scaling up and down: names keep counting, the last ones go first, and one that cannot start is told', LIMIT, async () => {
  await using web = await supervise(group(Answers, { version: 'a' }, { name: 'web', in: 'thread', replicas: 1 }));
  await web.scale(3);
  assert.deepEqual(namesOf(web), ['web-0', 'web-1', 'web-2']);
  await Promise.all([web.scale(1), web.scale(2)]);
  assert.deepEqual(namesOf(web), ['web-0', 'web-3'], 'changes are made one after the other');
  await web.scale(2);
  assert.equal(web.replicas, 2);
  await assert.rejects(web.scale(0), { code: 'SUPERVISE_INVALID' });
  const broken = group(Answers, { falls: 'setup' }, { name: 'broken', in: 'thread' });
  await assert.rejects(supervise(broken), { code: 'UNIT_FAILED', message: /no setup/ });
});

test('the queue is bounded, and what is deactivated gets nothing', LIMIT, async () => {
  await using web = await supervise(group(Answers, {}, { name: 'web', in: 'thread', queue: 2 }));
  const calls = Array.from({ length: 5 }, () => web.call('after', 100));
  assert.equal(web.waitingCount, 2);
  assert.deepEqual(codes(await Promise.allSettled(calls)), ['ok', 'ok', 'ok', 'ok', 'GROUP_QUEUE_FULL']);
  web.deactivate('web-0');
  const who = [await web.call('who'), await web.call('who')].map(({ name }) => name);
  assert.deepEqual(who, ['web-1', 'web-1']);
  web.deactivate('web-1');
  const waits = web.call('who');
  assert.equal(web.waitingCount, 1);
  web.activate('web-0');
  assert.equal((await waits).name, 'web-0');
  assert.throws(() => web.activate('web-7'), { code: 'SUPERVISE_INVALID' });
});

test('drain() refuses new calls and waits for the others; close() waits for those under way, and refuses those that wait', LIMIT, () =>
  withFile(async (file, lines) => {
    const web = await supervise(group(Answers, { file }, { name: 'web', replicas: 1 }));
    const first = web.call('after', 300);
    const second = web.call('after', 1);
    const drained = web.drain();
    await assert.rejects(web.call('who'), { code: 'GROUP_CLOSED' });
    await drained;
    assert.deepEqual(codes(await Promise.allSettled([first, second])), ['ok', 'ok']);
    await web.close();
    assert.deepEqual(lines(), ['web-0 up', 'web-0 drain', 'web-0 down']);
    const other = await supervise(group(Answers, {}, { name: 'other', replicas: 1 }));
    const calls = [other.call('after', 300), other.call('who')];
    const closed = other.close();
    assert.deepEqual(codes(await Promise.allSettled(calls)), ['ok', 'GROUP_CLOSED']);
    await closed;
    await other.close();
    await assert.rejects(other.call('who'), { code: 'GROUP_CLOSED' });
    await assert.rejects(other.scale(3), { code: 'GROUP_CLOSED' });
  }),
);

test('a call that outlasts drainMs is lost with its replica, within the times of the ladder', LIMIT, async () => {
  const web = await supervise(group(Answers, {}, { name: 'web', replicas: 1, drainMs: 200 }));
  const call = web.call('after', 60_000);
  const startedMs = performance.now();
  const [closed, result] = await Promise.allSettled([web.close(), call]);
  assert.deepEqual([closed.status, codes([result])], ['fulfilled', ['UNIT_LOST']]);
  assert.ok(performance.now() - startedMs < 10_000);
});

test('head, replicas and tail start and end in this order, with their names; places are taken in turn', LIMIT, async () => {
  const heard = new Heard();
  await using context = await local({ name: 'group' });
  const options = { name: 'web', replicas: 3, startsAtOnce: 1, in: ['thread', context], head: unit(Waits), tail: unit(Waits) } as const;
  const web = await supervise(group(Answers, {}, options), heard);
  const names = ['web-head', 'web-0', 'web-1', 'web-2', 'web-tail'];
  assert.deepEqual(namesOf(web), names);
  assert.deepEqual(
    heard.states('ready'),
    names.map((name) => `${name} ready`),
  );
  assert.deepEqual(
    web.snapshot().map(({ pid }) => pid !== undefined),
    [true, false, true, false, true],
    'those of the context have a process',
  );
  await web.close();
  const stops = heard.states('stopping', 'ended');
  assert.deepEqual(stops.slice(0, 2), ['web-head stopping', 'web-head ended'], 'upstream first');
  assert.deepEqual(stops.slice(-2), ['web-tail stopping', 'web-tail ended']);
});

test('a group is a unit of a tree: it starts in its place, is found there, and gives up to the tree', LIMIT, async () => {
  const web = group(Answers, { version: 'a' }, { name: 'web', in: 'thread', budget: { restarts: 0 }, backOff: FAST });
  const inner = tree({ name: 'inner', units: [web] });
  const heard = new Heard();
  await using supervisor = await supervise(tree({ units: [unit(Waits, undefined, { in: 'thread' }), inner], backOff: FAST }), heard);
  const first = supervisor.replicas(web);
  assert.equal((await first.call('who')).version, 'a');
  assert.deepEqual(heard.states('ready').slice(0, 3).toSorted(), ['Waits ready', 'inner/web/web-0 ready', 'inner/web/web-1 ready']);
  assert.equal(heard.states('ready')[0], 'Waits ready');
  await assert.rejects(first.call('exit'), { code: 'UNIT_LOST' });
  assert.equal((await first.ended).how, 'gave-up');
  await until('another group', () => heard.states('ready').filter((line) => line === 'inner/web ready').length === 2);
  assert.notEqual(supervisor.replicas(web), first);
  assert.equal((await supervisor.replicas(web).call('who')).version, 'a');
  const other = group(Answers, {}, { name: 'web', in: 'thread' });
  assert.throws(() => supervisor.replicas(other), { code: 'SUPERVISE_INVALID' });
});

test('a replica is made new by order and by age with another one beside it: never fewer than wanted', LIMIT, async () => {
  let least = 9;
  const told = { count: (): void => {} };
  const options = { name: 'web', in: 'thread', budget: { restarts: 0 } } as const;
  await using web = await supervise(group(Answers, {}, options), { onEvent: () => told.count() });
  told.count = () => (least = Math.min(least, web.snapshot().filter(({ state }) => state === 'ready').length));
  web.recycle('web-0');
  await until('another one', () => namesOf(web).join() === 'web-1,web-2');
  assert.equal(least, 2);
  await using old = await supervise(group(Answers, {}, { ...options, replicas: 1, maxAgeMs: 300 }));
  await until('one that is younger', () => namesOf(old).some((name) => name === 'web-2'));
});

test('group() refuses what makes no sense', () => {
  const refused = (options: object, text: RegExp): void => {
    assert.throws(
      () => group(Answers, {}, options),
      (error: Error & { code?: string }) => error.code === 'SUPERVISE_INVALID' && text.test(error.message),
    );
  };
  refused({ replicas: 0 }, /^replicas is 0/);
  refused({ surge: 0 }, /^surge is 0/);
  refused({ in: [] }, /a place, or a list of places/);
  refused({ dispatch: 'random' }, /'round-robin' or 'least-loaded'/);
  refused({ queue: -1 }, /^queue is -1/);
  refused({ head: tree({ units: [unit(Waits)] }) }, /^head is/);
  refused({ tail: unit(Waits, undefined, { restart: 'transient' }) }, /^tail is/);
  refused({ callMs: 0 }, /^callMs is 0/);
});
