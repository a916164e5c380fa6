// Far functions that throw, return too much, return nothing, end their process, print, and stream: as a plain program and a session see it.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { workFolder } from '../worker/support/harness.ts';
import { LIMITS } from '../../src/wire/limits.ts';
import { failedCalls, runCases, type Kinds } from './support/kinds.ts';

const PROGRAMS = path.resolve(import.meta.dirname, 'programs');
const FAR = 'test/far-calls/programs/far.ts';

/** `file:line` of the only line of a program that holds a text. */
function placeOf(file: string, text: string): string {
  const lines = readFileSync(path.join(PROGRAMS, file), 'utf8').split('\n');
  const at = lines.findIndex((line) => line.includes(text));
  assert.ok(at >= 0 && lines.findLastIndex((line) => line.includes(text)) === at, `${text} stands once in ${file}`);
  return `${path.join(PROGRAMS, file)}:${at + 1}:`;
}

interface Told {
  readonly code: string;
  readonly message: string;
  readonly cause?: object;
}

describe('calls of far functions, in a plain program and in a session that is replayed', () => {
  let kinds: Kinds;
  before(async () => {
    using folder = workFolder();
    kinds = await runCases(folder.path);
  });

  test('call gives the error of the far function with class, code, fields, cause and both stacks', () => {
    for (const { value } of kinds.of('errors')) {
      const { stack, causeStack, ...error } = value as { readonly stack: string; readonly causeStack: string };
      assert.deepEqual(error, {
        name: 'DiskFullError',
        code: 'E_DISK_FULL',
        message: 'no room on /data',
        freeBytes: 512,
        seen: 86_400_000,
        cause: { name: 'RangeError', message: 'block 7 is outside of the disk', cause: 'the cable' },
        here: ['in errors', 'here', 'HereError'],
      });
      const [far, near = ''] = stack.split(`---- errors: ${FAR}#fill, called at ----`);
      assert.ok(far?.includes(`at fill (${placeOf('far.ts', 'throw new DiskFullError(`no room')}`), stack);
      assert.ok(near.includes(placeOf('cases.ts', 'far.call(fill')), stack);
      assert.doesNotMatch(near, /\/(src|dist)\//, 'frames of this package are left out');
      assert.ok(causeStack.includes(`at readBlock (${placeOf('far.ts', "throw new RangeError('block 7")}`), causeStack);
    }
  });

  test('call gives a buffer of 64 MiB to a plain program; in a session it is a coded error of the call, and the context lives', () => {
    for (const { value, events } of kinds.of('largeResult')) {
      const { got, ...after } = value as { got: Told };
      assert.deepEqual(after, { next: 8, isSame: true, generation: 1 });
      if (events === undefined) {
        assert.deepEqual(got, { length: 64 * 1024 * 1024, right: true });
        continue;
      }
      assert.equal(got.code, 'JOURNAL_VALUE_TOO_LARGE');
      assert.ok(got.message.startsWith(`the result of large: ${FAR}#block is too large`) && got.message.includes('67108864'), got.message);
      assert.equal(failedCalls(events, 'large'), 1, 'the error is the recorded result of the call');
    }
  });

  test('call refuses a too large argument in a session before anything is sent or recorded', () => {
    for (const { value, lines, events } of kinds.of('largeArgument')) {
      const { got, next } = value as { got: unknown; next: number };
      assert.equal(next, 17);
      if (events === undefined) {
        assert.equal(got, 17 * 1024 * 1024);
        continue;
      }
      assert.equal((got as Told).code, 'JOURNAL_VALUE_TOO_LARGE');
      assert.deepEqual(lines, ['size 17'], 'the far function ran once');
      assert.equal(events.filter((event) => event.t === 'call' && event.context === 'arguments' && event.fn === `${FAR}#sizeOf`).length, 1);
    }
  });

  test('call names the call and the place inside of a value that cannot cross, and the context lives', () => {
    for (const { value } of kinds.of('unsendable')) {
      const { result, argument, next } = value as Record<'result' | 'argument', Told> & { next: number };
      assert.deepEqual([result.code, argument.code, next], ['REMOTE_VALUE_UNSENDABLE', 'REMOTE_VALUE_UNSENDABLE', 1]);
      assert.ok(result.message.startsWith(`odd: ${FAR}#disks: result.mounts[0].free is a function`), result.message);
      assert.ok(argument.message.startsWith(`odd: ${FAR}#sizeOf: arguments[1].list[1] is a function`), argument.message);
      const { file, line } = (argument as Told & { at: { file: string; line: number } }).at;
      assert.equal(`${file}:${line}:`, placeOf('cases.ts', '.call(sizeOf, data.file, { list'));
    }
  });

  test('with({ timeoutMs }) and with({ signal }) end a call that never returns, and the far function sees its signal abort', () => {
    for (const { value, lines } of kinds.of('neverReturns')) {
      const { late, why, ...rest } = value as Record<'late' | 'why', Told>;
      assert.deepEqual([late.code, why.code], ['REMOTE_CALL_TIMEOUT', 'REMOTE_CALL_ABORTED']);
      assert.deepEqual(why.cause, { name: 'RangeError', message: 'enough' });
      assert.deepEqual(rest, { sawLate: true, sawStop: true, generation: 1 });
      assert.deepEqual(lines, ['never', 'aborted: REMOTE_CALL_TIMEOUT', 'never', 'aborted: REMOTE_CALL_ABORTED']);
    }
  });

  test('call of a function that calls process.exit is REMOTE_EXITED, for all calls of its context and for no other', () => {
    for (const { value, events } of kinds.of('exits')) {
      const { end, beside, alive, next, again } = value as Record<'end' | 'beside', Told> & { alive: number; next: unknown; again: number };
      assert.deepEqual([end.code, beside.code, again], ['REMOTE_EXITED', 'REMOTE_EXITED', 2]);
      assert.match(end.message, /ended its process with exit code 3/);
      assert.equal(alive, 1, 'the sibling is the process that it was');
      if (events === undefined) {
        assert.equal((next as Told).code, 'REMOTE_EXITED', 'a plain program opens it again by its opener');
        continue;
      }
      assert.equal(next, 2, 'a session opens it again for the next call');
      assert.equal(failedCalls(events, 'exits'), 2, 'an exit is a result: both calls have it in the journal, and none is tried again');
    }
  });

  test('call of a function that prints 10 MB goes on; each line comes with the name of the context or is counted as dropped', () => {
    for (const { value } of kinds.of('prints')) assert.deepEqual(value, ['printed', 8]);
    for (const all of kinds.printed) {
      const lines = all.filter(({ context }) => context === 'loud').map(({ text }) => text);
      const printed = lines.filter((line) => line === 'x'.repeat(99)).length;
      const dropped = lines.reduce((sum, line) => sum + Number(/^(\d+) lines came too fast and were dropped$/.exec(line)?.[1] ?? 0), 0);
      assert.equal(printed + dropped, 100_000);
      assert.ok(
        printed * (99 + LIMITS.logLineOverheadBytes) >= LIMITS.logQueueBytes - 200,
        `a burst of 4 MiB is allowed, ${printed} lines came`,
      );
      assert.ok(
        all.every(({ context }) => context !== ''),
        'every line has the name of its context',
      );
    }
  });

  test('call of an async generator gives its values step by step; breaking off ends it there', () => {
    for (const { value, lines, events } of kinds.of('streams')) {
      assert.deepEqual(value, { all: [0, 1, 2, 3, 4], some: [0, 1, 2] });
      assert.ok(lines.length < 5 + 100, `the far side is told to stop: ${lines.length} values were made`);
      if (events === undefined) continue;
      const steps = events.flatMap((event) => (event.t === 'call' && event.fn.startsWith(`${FAR}#count.`) ? [event.fn] : []));
      const names = steps.map((fn) => fn.slice(fn.lastIndexOf('.') + 1));
      assert.deepEqual(names, [...Array.from({ length: 6 + 3 }, () => 'next'), 'return'], 'each step is an event');
    }
  });

  test('with({ concurrency: 1 }) runs one call after the other; a chain runs in order and not beyond its first failure', () => {
    for (const { value, lines, events } of kinds.of('oneByOne')) {
      const failed = { name: 'DiskFullError', code: 'E_DISK_FULL', message: 'bad failed' };
      assert.deepEqual(value, ['d', failed, failed, failed]);
      assert.deepEqual(
        lines,
        ['a', 'b', 'c', 'd', 'bad'].flatMap((name) => [`in ${name}`, `out ${name}`]),
      );
      if (events !== undefined) assert.equal(failedCalls(events, 'order'), 3, 'calls that did not run have their failure in the journal');
    }
  });

  test('with({ concurrency, timeoutMs }) does not count the waiting for a place; the time of a signal counts it', () => {
    for (const { value } of kinds.of('waits'))
      assert.deepEqual(value, { names: 'abcdefghij'.split(''), isLonger: true, ended: ['fulfilled', 'rejected', 'rejected'] });
  });

  test('call takes iterables, signals and secrets by reference; a secret is in no file of the store', () => {
    for (const { value, lines } of kinds.of('byReference')) {
      assert.deepEqual(value, { total: 780, reason: 'now', length: 'canary-9d1f'.length });
      assert.deepEqual(lines, ['sum 780', 'waits']);
    }
    assert.ok(kinds.storedBytes.includes('#reasonOf'), 'the journal is among the files');
    assert.ok(!kinds.storedBytes.includes('canary-9d1f'));
  });
});
