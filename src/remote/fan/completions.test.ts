import { test } from 'node:test';
import assert from 'node:assert/strict';
import { deferred, type Deferred } from '../../base/deferred.ts';
import { Completions, type Task } from './completions.ts';
import { fanLimits, type FanOptions } from './fan-options.ts';

type Outcome = { readonly ok: true; readonly at: number } | { readonly ok: false; readonly at: number; readonly code: unknown };

/** Pieces of work that a test ends one by one. */
class Works {
  readonly begun: number[] = [];
  readonly aborted: number[] = [];
  readonly #ends: Deferred<Outcome>[];
  readonly tasks: readonly Task<Outcome>[];

  constructor(count: number) {
    this.#ends = Array.from({ length: count }, () => deferred<Outcome>());
    this.tasks = this.#ends.map((end, at) => ({
      run: (signal) => {
        this.begun.push(at);
        signal.addEventListener('abort', () => this.aborted.push(at));
        return end.promise;
      },
      failed: (error) => ({ ok: false, at, code: (error as { code?: unknown }).code }),
    }));
  }

  completions(options: FanOptions = {}): Completions<Outcome> {
    return new Completions(this.tasks, fanLimits(options), options.signal);
  }

  async end(...all: readonly number[]): Promise<void> {
    for (const at of all) this.#ends[at]?.resolve({ ok: true, at });
    await settled();
  }

  async fail(...all: readonly number[]): Promise<void> {
    for (const at of all) this.#ends[at]?.reject(Object.assign(new Error('no'), { code: 'NO' }));
    await settled();
  }
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('Completions tells outcomes in the order of completion, and all() in that of the list', async () => {
  const works = new Works(3);
  const completions = works.completions();
  const read = completions.next();
  await works.end(2, 0);
  assert.deepEqual((await read).value, { ok: true, at: 2 });
  await works.fail(1);
  assert.deepEqual(
    (await completions.all()).map(({ at, ok }) => [at, ok]),
    [
      [0, true],
      [1, false],
      [2, true],
    ],
  );
  assert.deepEqual(await completions.next(), { done: true, value: undefined });
  assert.deepEqual(await new Works(0).completions().all(), []);
});

test('Completions runs so many at once, and begins a batch when the one before it has ended', async () => {
  const works = new Works(6);
  works.completions({ concurrency: 2, batch: 3 });
  assert.deepEqual(works.begun, [0, 1]);
  await works.end(0);
  assert.deepEqual(works.begun, [0, 1, 2]);
  await works.end(1);
  assert.deepEqual(works.begun, [0, 1, 2]);
  await works.end(2);
  assert.deepEqual(works.begun, [0, 1, 2, 3, 4]);
});

test('Completions starts nothing after the failure that ends it; what runs goes on, and the rest is told last', async () => {
  const works = new Works(5);
  const completions = works.completions({ concurrency: 2, stopAfter: 1 });
  await works.fail(0);
  assert.deepEqual(works.begun, [0, 1]);
  await works.end(1);
  assert.deepEqual(
    (await completions.all()).map((outcome) => (outcome.ok ? 'ok' : outcome.code)),
    ['NO', 'ok', 'REMOTE_NOT_STARTED', 'REMOTE_NOT_STARTED', 'REMOTE_NOT_STARTED'],
  );
});

test('Completions aborts what runs when the loop over it is left, and lets the signal of the caller go', async () => {
  const works = new Works(3);
  const stop = new AbortController();
  const completions = works.completions({ concurrency: 2, signal: stop.signal });
  await works.end(0);
  for await (const outcome of completions) {
    assert.equal(outcome.at, 0);
    break;
  }
  assert.deepEqual(
    [works.begun, works.aborted],
    [
      [0, 1, 2],
      [1, 2],
    ],
  );
});

test('Completions ends with its signal: waiting and later readers are told, and nothing more is started', async () => {
  const works = new Works(3);
  const stop = new AbortController();
  const completions = works.completions({ concurrency: 1, signal: stop.signal });
  await works.end(0);
  const reads = Promise.allSettled([completions.next(), completions.next(), completions.next()]);
  stop.abort(new Error('enough'));
  await works.end(1);
  const isEnough = (error: unknown): boolean => ((error as Error).cause as Error).message === 'enough';
  const [first, ...others] = await reads;
  assert.deepEqual(first.status === 'fulfilled' ? first.value.value : first, { ok: true, at: 0 });
  assert.ok(others.every((read) => read.status === 'rejected' && isEnough(read.reason)));
  await assert.rejects(completions.next(), isEnough);
  await assert.rejects(completions.all(), isEnough);
  // The one that has ended is told too: a stream that it gave may still be read.
  assert.deepEqual(
    [works.begun, works.aborted],
    [
      [0, 1],
      [0, 1],
    ],
  );
});

test('Completions asks for its tasks first when they are not known: an error of that ends it', async () => {
  const works = new Works(1);
  const asked = new Completions(Promise.resolve(works.tasks), fanLimits({}), undefined);
  const all = asked.all();
  await works.end(0);
  assert.deepEqual(await all, [{ ok: true, at: 0 }]);
  const failed = new Completions(Promise.reject<readonly Task<Outcome>[]>(new Error('no settings')), fanLimits({}), undefined);
  await assert.rejects(failed.all(), { message: 'no settings' });
  const task: Task<Outcome> = {
    run: () => {
      throw new TypeError('at once');
    },
    failed: (error) => ({ ok: false, at: 0, code: (error as Error).message }),
  };
  assert.deepEqual(await new Completions([task], fanLimits({}), undefined).all(), [{ ok: false, at: 0, code: 'at once' }]);
});

test('Completions starts nothing more when a loop is left at the first outcome, and places are free', async () => {
  const works = new Works(3);
  const loop = (async (): Promise<void> => {
    for await (const outcome of works.completions({ concurrency: 2 })) {
      assert.equal(outcome.at, 1);
      await Promise.resolve();
      break;
    }
  })();
  await works.end(1);
  await loop;
  assert.deepEqual(works.begun, [0, 1]);
  assert.deepEqual(works.aborted, [0]);
});
