import { mkdtempSync, rmSync, writeFileSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import { connect, each, openEach, ResproutError, type CallOutcome, type Context } from 'resprout';
import { until } from '../support/until.ts';
import { count, die, endsFirst, failOn, twice, waitFor, whoAmI } from './far.ts';

const folder = mkdtempSync(join(tmpdir(), 'rs-each-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const names = (count: number, word: string): string[] => Array.from({ length: count }, (_, n) => `${word}-${n}`);

async function opened(count: number, word: string): Promise<{ readonly contexts: Context[] } & AsyncDisposable> {
  const contexts = await Promise.all(names(count, word).map((name) => connect(`local:${name}`)));
  const close = async (): Promise<void> => void (await Promise.all(contexts.map((context) => context.close())));
  return { contexts, [Symbol.asyncDispose]: close };
}

const told = (outcome: CallOutcome<unknown>): unknown => (outcome.ok ? outcome.value : (outcome.error as Error).message);
const codeOf = (outcome: CallOutcome<unknown>): unknown => (outcome.ok ? 'ok' : (outcome.error as ResproutError).code);

test('each: has a result or an error of every context, in the order of the list with all()', async () => {
  await using rig = await opened(5, 'all');
  const outcomes = await each(rig.contexts, failOn, ['all-1', 'all-3']).all();
  assert.deepEqual(outcomes.map(told), ['all-0', 'all-1 has no disk', 'all-2', 'all-3 has no disk', 'all-4']);
  assert.deepEqual(
    outcomes.map(({ context }) => context.name),
    names(5, 'all'),
  );
  assert.ok(!outcomes[1]?.ok && outcomes[1]?.error instanceof RangeError);
  assert.deepEqual((await each(rig.contexts, whoAmI).all()).map(told), names(5, 'all'));
  const doubled = await each(rig.contexts, twice, (_context, index) => [index]).all();
  assert.deepEqual(doubled.map(told), [0, 2, 4, 6, 8]);
  assert.deepEqual(await each([], whoAmI).all(), []);
});

test('each: tells outcomes in the order of completion; one that hangs holds up no other', async () => {
  await using rig = await opened(3, 'order');
  const letGo = (name: string): void => writeFileSync(join(folder, `go-${name}`), '');
  const seen: unknown[] = [];
  letGo('order-2');
  for await (const outcome of each(rig.contexts, waitFor, ({ name }) => [folder, `go-${name}`])) {
    seen.push(told(outcome));
    letGo(seen.length === 1 ? 'order-1' : 'order-0');
  }
  assert.deepEqual(seen, ['order-2', 'order-1', 'order-0']);
});

test('each: a context that dies in the middle is one error among the results', async () => {
  await using rig = await opened(4, 'die');
  const outcomes = await each(rig.contexts, die, ['die-2']).all();
  assert.deepEqual(outcomes.map(codeOf), ['ok', 'ok', 'REMOTE_LOST', 'ok']);
});

test('each: no more than `concurrency` run at once, and a batch begins when the one before it has ended', async () => {
  await using rig = await opened(5, 'batch');
  const begun = (): string[] => rig.contexts.map(({ name }) => name).filter((name) => existsSync(join(folder, `${name}.begun`)));
  const outcomes = each(rig.contexts, waitFor, ({ name }) => [folder, `go-${name}`], { concurrency: 2, batch: 3 });
  const letGo = (n: number): void => writeFileSync(join(folder, `go-batch-${n}`), '');
  await until('two begin', () => begun().length === 2);
  letGo(0);
  await until('a third begins', () => begun().length === 3);
  letGo(1);
  await outcomes.next();
  await outcomes.next();
  // The third is of the first batch and still runs: two places are free, and nobody takes them.
  assert.deepEqual(begun(), ['batch-0', 'batch-1', 'batch-2']);
  letGo(2);
  await until('the next batch begins', () => begun().length === 5);
  letGo(3);
  letGo(4);
  assert.deepEqual((await outcomes.all()).map(told), names(5, 'batch'));
});

test('each: after `stopAfter` failures nothing more is started, and the rest says so', async () => {
  await using rig = await opened(6, 'stop');
  const outcomes = await each(rig.contexts, failOn, ['stop-0', 'stop-2', 'stop-5'], { concurrency: 1, stopAfter: 2 }).all();
  assert.deepEqual(outcomes.map(codeOf), [undefined, 'ok', undefined, ...Array<string>(3).fill('REMOTE_NOT_STARTED')]);
});

test('each: the signal aborts what runs, there too, and ends the iterable', async () => {
  await using rig = await opened(3, 'abort');
  const stop = new AbortController();
  const outcomes = each(rig.contexts, waitFor, [folder, 'never'], { concurrency: 2, signal: stop.signal });
  await until('two begin', () => existsSync(join(folder, 'abort-0.begun')) && existsSync(join(folder, 'abort-1.begun')));
  const next = outcomes.next();
  stop.abort(new Error('enough'));
  const isAborted = (error: unknown): boolean => error instanceof ResproutError && error.code === 'REMOTE_CALL_ABORTED';
  await assert.rejects(next, isAborted);
  await assert.rejects(outcomes.all(), isAborted);
  assert.deepEqual((await each(rig.contexts, whoAmI).all()).map(told), names(3, 'abort'));
  assert.equal(existsSync(join(folder, 'abort-2.begun')), false);
  await assert.rejects(each(rig.contexts, whoAmI, [], { signal: stop.signal }).next(), isAborted);
});

test('each: a loop that is left aborts what runs and starts nothing more', async () => {
  await using rig = await opened(3, 'left');
  for await (const outcome of each(rig.contexts, endsFirst, [folder, 'left-1'], { concurrency: 2 })) {
    assert.equal(told(outcome), 'left-1');
    break;
  }
  await until('the other one is told', () => existsSync(join(folder, 'left-0.clean')));
  assert.deepEqual((await each(rig.contexts, whoAmI).all()).map(told), names(3, 'left'));
  assert.equal(existsSync(join(folder, 'left-2.begun')), false);
});

test('each: streams are read after the end of the calls, until the signal fires', async () => {
  await using rig = await opened(2, 'stream');
  const stop = new AbortController();
  const outcomes = await each(rig.contexts, count, [1_000_000], { signal: stop.signal }).all();
  const sums: number[] = [];
  for (const outcome of outcomes) {
    assert.ok(outcome.ok);
    const reader = outcome.value[Symbol.asyncIterator]();
    sums.push(Number((await reader.next()).value) + Number((await reader.next()).value));
    if (sums.length === 2) stop.abort();
    if (sums.length === 2)
      await assert.rejects(async () => {
        while ((await reader.next()).done !== true);
      });
  }
  assert.deepEqual(sums, [3, 3]);
});

test('each: options that mean nothing are refused, and so is what is no context', () => {
  const refused =
    (code: string) =>
    (error: unknown): boolean =>
      error instanceof ResproutError && error.code === code;
  for (const options of [{ concurrency: 0 }, { batch: 1.5 }, { stopAfter: -1 }, { timeoutMs: 0 }, { signal: {} as AbortSignal }])
    assert.throws(() => each([], whoAmI, [], options), refused('CALL_OPTIONS_INVALID'));
  assert.throws(() => each([{} as Context], whoAmI), refused('REMOTE_TARGET_INVALID'));
});

test('openEach: opens what can be opened, and tells what came of the others', async () => {
  const targets = ['local:open-0', 'nowhere:', 'local:open-1?node=/no/such/node', 'local:open-2'];
  const outcomes = await openEach(targets, { concurrency: 2 }).all();
  assert.deepEqual(
    outcomes.map((outcome) => (outcome.ok ? outcome.context.name : [outcome.target.target, (outcome.error as ResproutError).code])),
    ['open-0', ['nowhere:', 'REMOTE_TARGET_INVALID'], ['local:open-1?node=/no/such/node', 'REMOTE_NODE_MISSING'], 'open-2'],
  );
  for (const outcome of outcomes) if (outcome.ok) await outcome.context.close();
});
