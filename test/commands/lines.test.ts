// Lines of a command as they come: at the pace of who reads, and until somebody stops.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { isCommandError, local, type Context } from '../../src/index.ts';
import { pidsOf } from './programs/far.ts';
import { isRunning, untilEnded } from './support/processes.ts';

describe('lines of context.$', () => {
  let context: Context;
  before(async () => {
    context = await local({ name: 'lines' });
  });
  after(async () => await context.close());

  test('come while the command runs', async () => {
    const seen: string[] = [];
    const command = context.$({ input: waits() })`cat`;
    let release!: () => void;
    const released = new Promise<void>((resolve) => (release = resolve));
    async function* waits(): AsyncGenerator<string> {
      yield 'first\nhalf of ';
      await released;
      yield 'the second\n\nlast';
    }
    for await (const line of command) {
      seen.push(line);
      if (line === 'first') release();
    }
    assert.deepEqual(seen, ['first', 'half of the second', '', 'last']);
    assert.equal((await command).exitCode, 0, 'the result is there too');
  });

  test('keep characters whole that arrive in parts, and cut no line end but the last', async () => {
    const script = String.raw`printf 'a\360\237'; sleep 0.1; printf '\230\200b\r\nc\r'; sleep 0.1; printf '\nd'`;
    assert.deepEqual(await Array.fromAsync(context.$`sh -c ${script}`), ['a😀b', 'c', 'd']);
    assert.deepEqual(await Array.fromAsync(context.$`true`), []);
  });

  test('end with the error of a command that fails, after what it wrote', async () => {
    const seen: string[] = [];
    const command = context.$`sh -c ${'echo some; echo why >&2; exit 9'}`;
    await assert.rejects(
      async () => {
        for await (const line of command) seen.push(line);
      },
      (error) => isCommandError(error) && error.result.exitCode === 9 && error.problem.saw === 'why',
    );
    assert.deepEqual(seen, ['some']);
    await assert.rejects(command, { code: 'COMMAND_FAILED' });
    await assert.rejects(Array.fromAsync(context.$`no-such-program-anywhere`), { code: 'COMMAND_NOT_STARTED' });
    assert.deepEqual(await Array.fromAsync(context.$({ reject: false })`false`), []);
  });

  test('end the command when the loop is left, also while it is silent', async () => {
    const command = context.$`sh -c ${'echo one; sleep 731; :'}`;
    for await (const line of command) {
      assert.equal(line, 'one');
      break;
    }
    await untilEnded(['sleep 731']);
    await assert.rejects(command, { code: 'COMMAND_STOPPED' });
    const silent = context.$`sleep 732`[Symbol.asyncIterator]();
    const step = silent.next();
    while (!isRunning('sleep 732')) await sleep(5);
    await silent.return?.();
    await untilEnded(['sleep 732']);
    await step;
  });

  test('end by the limit of time and by the signal', async () => {
    await assert.rejects(Array.fromAsync(context.$({ timeoutMs: 200 })`sh -c ${'echo x; sleep 733'}`), { code: 'COMMAND_TIMEOUT' });
    const stop = new AbortController();
    await assert.rejects(
      async () => {
        for await (const _line of context.$({ signal: stop.signal })`sh -c ${'echo x; sleep 734'}`) stop.abort();
      },
      { code: 'REMOTE_CALL_ABORTED' },
    );
    await untilEnded(['sleep 733', 'sleep 734']);
  });

  test('hold a command back that is faster than its reader', async () => {
    const reading = context.$`seq 1 100000000`[Symbol.asyncIterator]();
    assert.equal((await reading.next()).value, '1');
    const [pid = 0] = await context.call(pidsOf, 'seq');
    const written = (): number => Number(/^wchar: (\d+)$/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1]);
    let before = -1;
    for (let same = 0; same < 5; await sleep(20)) {
      const now = written();
      same = now === before ? same + 1 : 0;
      before = now;
    }
    assert.ok(before < 16 * 1024 * 1024, `${before} bytes were written that nobody has read`);
    assert.equal((await reading.next()).value, '2');
    await reading.return?.();
  });

  test('are all there when there are many', async () => {
    let count = 0;
    let last = '';
    for await (const line of context.$`seq 1 300000`) {
      count++;
      last = line;
    }
    assert.deepEqual([count, last], [300_000, '300000']);
  });

  test('that have no end are given up', async () => {
    await assert.rejects(Array.fromAsync(context.$({ maxBufferBytes: 100_000 })`head -c 10000000 /dev/zero`), {
      code: 'COMMAND_OUTPUT_LIMIT',
    });
  });

  test('cannot be asked for when the command has begun for its result', async () => {
    const command = context.$`echo a`;
    await sleep(1);
    assert.throws(() => command[Symbol.asyncIterator](), { code: 'COMMAND_INVALID' });
    assert.equal((await command).stdout, 'a');
    const iterated = context.$`echo a`;
    iterated[Symbol.asyncIterator]();
    assert.throws(() => iterated[Symbol.asyncIterator](), { code: 'COMMAND_INVALID' });
    await assert.rejects(Promise.race([iterated, sleep(50).then(() => Promise.reject(new Error('still runs')))]), /still runs/);
  });
});
