// Commands of a context, on a real far process of this machine: real programs, real signals.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isCommandError, local, Secret, type CommandError, type Context } from '../../src/index.ts';
import { add, pidsOf } from './programs/far.ts';
import { isRunning, untilEnded } from './support/processes.ts';

const NODE = process.execPath;

describe('context.$', () => {
  let context: Context;
  let folder: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'resprout-commands-'));
    context = await local({ name: 'web-1' });
  });
  after(async () => {
    await context.close();
    rmSync(folder, { recursive: true });
  });
  /** What a command that must fail fails with. */
  const failure = async (command: PromiseLike<unknown>): Promise<CommandError> => {
    const error = await Promise.resolve(command).then(
      () => assert.fail('it did not fail'),
      (thrown: unknown) => thrown,
    );
    assert.ok(isCommandError(error), String(error));
    return error;
  };
  /** What a program sees as its arguments. */
  const argsOf = async (command: PromiseLike<{ readonly stdout: string }>): Promise<unknown> => JSON.parse((await command).stdout);
  const SHOW = 'process.stdout.write(JSON.stringify(process.argv.slice(1)))';

  test('gives what a command wrote, its exit code and how long it took', async () => {
    const result = await context.$`sh -c ${'echo out; echo err >&2'}`;
    assert.deepEqual(
      { ...result, durationMs: 0 },
      {
        command: "sh -c 'echo out; echo err >&2'",
        stdout: 'out',
        stderr: 'err',
        exitCode: 0,
        signal: null,
        code: undefined,
        why: undefined,
        durationMs: 0,
      },
    );
    assert.ok(result.durationMs >= 0);
  });

  test('hands each value on as one argument, whatever it holds, and an array as several', async () => {
    const odd = [`it's`, '"', '$HOME', '`id`', '*', '; rm -rf /', 'a\nb', '', ' ', '\\', '-n', '😀', '${x}'];
    assert.deepEqual(await argsOf(context.$`${NODE} -e ${SHOW} -- ${odd} tail`), [...odd, 'tail']);
    assert.deepEqual(await argsOf(context.$`${NODE} -e ${SHOW} -- --n=${7}x${['a', 'b']}c ${[]} ${12n}`), ['--n=7xa', 'bc', '12']);
    assert.deepEqual(
      await argsOf(context.$`${NODE} -e ${SHOW} -- a\ b c\td
      e ${await context.$`echo of another`}`),
      ['a b', 'c\td', 'e', 'of another'],
    );
  });

  test('quotes values for a shell that was asked for, and nothing else', async () => {
    const evil = `'; touch ${folder}/pwned; echo '`;
    const { stdout } = await context.$({ shell: true })`echo ${evil} ${['x  y', '$HOME']} | tr a-z A-Z && echo "$((1 + 2))"`;
    assert.equal(stdout, `${evil} x  y $HOME`.toUpperCase() + '\n3');
    await assert.rejects(context.$`cat ${folder}/pwned`, { code: 'COMMAND_FAILED' });
  });

  test('rejects for another exit code than 0 with the result in the error', async () => {
    const error = await failure(context.$`sh -c ${'echo some; echo "first\nthe last line" >&2; exit 7'}`);
    assert.equal(error.code, 'COMMAND_FAILED');
    assert.match(error.message, /^web-1: "sh -c .*" ended with exit code 7$/s);
    assert.equal(error.problem.saw, 'first\nthe last line');
    assert.deepEqual([error.result.exitCode, error.result.stdout, error.result.stderr], [7, 'some', 'first\nthe last line']);
    const bySignal = await failure(context.$`sh -c ${'kill -9 $$'}`);
    assert.deepEqual([bySignal.code, bySignal.result.signal, bySignal.result.exitCode], ['COMMAND_FAILED', 'SIGKILL', null]);
  });

  test('gives the result of a failure with reject: false', async () => {
    const { code, exitCode, why } = await context.$({ reject: false })`sh -c ${'exit 3'}`;
    assert.deepEqual([code, exitCode, why], ['COMMAND_FAILED', 3, 'ended with exit code 3']);
  });

  test('says why a command could not be started', async () => {
    const because = async (command: PromiseLike<unknown>): Promise<string> => {
      const error = await failure(command);
      assert.equal(error.code, 'COMMAND_NOT_STARTED');
      return error.result.why ?? '';
    };
    writeFileSync(join(folder, 'not-executable'), '', { mode: 0o644 });
    assert.match(await because(context.$`no-such-program-anywhere`), /there is no program "no-such-program-anywhere"/);
    assert.match(await because(context.$`${join(folder, 'not-executable')}`), /may not be run/);
    assert.match(await because(context.$({ cwd: join(folder, 'nowhere') })`true`), /folder ".*nowhere" cannot be entered \(ENOENT\)/);
    assert.match(await because(context.$({ cwd: join(folder, 'not-executable') })`true`), /is not a folder/);
    assert.match(await because(context.$`echo ${'x'.repeat(3_000_000)}`), /too long for the system/);
  });

  test('refuses what no command can be made of, before anything is sent', () => {
    const refused = (make: () => unknown, pattern: RegExp): void =>
      assert.throws(make, (error: Error & { code?: string }) => error.code === 'COMMAND_INVALID' && pattern.test(error.message));
    refused(() => context.$``, /empty/);
    refused(() => context.$`echo ${undefined as never}`, /holds undefined/);
    refused(() => context.$`echo ${{ a: 1 } as never}`, /holds an object/);
    refused(() => context.$`echo ${[null] as never}`, /holds null/);
    refused(() => context.$`echo ${Promise.resolve('x') as never}`, /await it first/);
    refused(() => context.$`echo ${'a\0b'}`, /NUL/);
    assert.throws(() => context.$({ timeout: 5 } as never), { code: 'CALL_OPTIONS_INVALID' });
    assert.throws(() => context.$({ timeoutMs: 0 }), { code: 'CALL_OPTIONS_INVALID' });
    assert.throws(() => context.$({ env: { 'A=B': 'x' } }), { code: 'CALL_OPTIONS_INVALID' });
    assert.throws(() => context.$({ lines: true, encoding: 'bytes' }), { code: 'CALL_OPTIONS_INVALID' });
  });

  test('runs in a folder, with variables over those of the far process', async () => {
    const { stdout } = await context.$({
      cwd: folder,
      env: { A: 'x y', HOME: undefined },
      lines: true,
    })`sh -c ${'pwd; echo "$A"; echo "${HOME-none}"; echo "$PATH"'}`;
    assert.deepEqual(stdout, [folder, 'x y', 'none', process.env['PATH']]);
    const bare = await context.$({ env: { ONLY: '1' }, extendEnv: false })`/usr/bin/env`;
    assert.equal(bare.stdout, 'ONLY=1');
    const later = context.$({ env: { A: '1', B: '1' }, cwd: '/' })({ env: { B: '2' } });
    assert.equal((await later`sh -c ${'echo $A$B $PWD'}`).stdout, '12 /');
  });

  test('gives a command no variable of ours', async () => {
    const { stdout } = await context.$({ lines: true })`/usr/bin/env -0`;
    const names = stdout
      .join('\n')
      .split('\0')
      .map((entry) => entry.slice(0, entry.indexOf('=')));
    const added = names.filter((name) => name !== '' && process.env[name] === undefined);
    assert.deepEqual(added, []);
  });

  test('gives bytes, lines and text as they are asked for', async () => {
    const { stdout } = await context.$({ encoding: 'bytes' })`printf ${'\\377\\000\\n'}`;
    assert.deepEqual([...stdout], [255, 0, 10]);
    assert.deepEqual((await context.$({ lines: true })`printf ${'a\\r\\nb\\n\\nc\\n'}`).stdout, ['a', 'b', '', 'c']);
    assert.deepEqual((await context.$({ lines: true })`true`).stdout, []);
    assert.equal((await context.$({ stripFinalNewline: false })`echo a`).stdout, 'a\n');
    const split = await context.$`sh -c ${String.raw`printf '\360\237'; sleep 0.1; printf '\230\200'`}`;
    assert.equal(split.stdout, '😀');
  });

  test('feeds stdin from a text, bytes, a Secret, a generator and a stream', async () => {
    async function* pieces(): AsyncGenerator<string | Uint8Array> {
      yield 'one ';
      await sleep(5);
      yield Buffer.from('two');
    }
    const cat = async (input: string | Uint8Array | Secret | AsyncIterable<string | Uint8Array>): Promise<string> =>
      (await context.$({ input })`cat`).stdout;
    assert.equal(await cat('text'), 'text');
    assert.equal(await cat(''), '');
    assert.equal(await cat(Buffer.from('bytes')), 'bytes');
    assert.equal(await cat(new Secret('hidden')), 'hidden');
    assert.equal(await cat(pieces()), 'one two');
    assert.equal(await cat(new Blob(['web']).stream() as unknown as AsyncIterable<Uint8Array>), 'web');
    assert.equal((await context.$`cat`).stdout, '', 'stdin is empty when nothing is given');
  });

  test('does not mind a command that reads no further, and lets the source go', async () => {
    let isReleased = false;
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield Buffer.alloc(65_536, 'x');
      } finally {
        isReleased = true;
      }
    }
    assert.equal((await context.$({ input: endless() })`head -c 5`).stdout, 'xxxxx');
    for (let waited = 0; !isReleased && waited < 60_000; waited += 10) await sleep(10);
    assert.ok(isReleased);
  });

  test('ends the command when what it reads fails', async () => {
    async function* broken(): AsyncGenerator<string> {
      yield 'a';
      throw new Error('the source broke');
    }
    const error = await failure(context.$({ input: broken() })`cat`);
    assert.equal(error.code, 'COMMAND_STOPPED');
    assert.match(error.message, /the source broke/);
  });

  test('ends a command that takes too long, with everything it started, and keeps what it wrote', async () => {
    const script = 'echo before; sleep 701 & (sleep 702 &) ; sh -c "sleep 703; :"';
    const error = await failure(context.$({ timeoutMs: 4000 })`sh -c ${script}`);
    assert.equal(error.code, 'COMMAND_TIMEOUT');
    assert.equal(error.result.stdout, 'before');
    await untilEnded(['sleep 701', 'sleep 702', 'sleep 703']);
  });

  test('ends what ignores SIGTERM by SIGKILL', async () => {
    const script = 'trap "" TERM; while :; do sleep 704; done';
    const error = await failure(context.$({ timeoutMs: 4000, killGraceMs: 200 })`sh -c ${script}`);
    assert.deepEqual([error.code, error.result.signal], ['COMMAND_TIMEOUT', 'SIGKILL']);
    await untilEnded(['sleep 704']);
  });

  test('ends by the signal of its caller, with everything it started', async () => {
    const stop = new AbortController();
    const command = context.$({ signal: stop.signal })`sh -c ${'sleep 705 & sleep 706'}`;
    const rejected = assert.rejects(command, { code: 'REMOTE_CALL_ABORTED' });
    while (!isRunning('sleep 706')) await sleep(5);
    stop.abort();
    await rejected;
    await untilEnded(['sleep 705', 'sleep 706']);
    await assert.rejects(context.$({ signal: AbortSignal.abort() })`true`, { name: 'AbortError' });
  });

  test('gives up a command that writes more than it may', async () => {
    const error = await failure(context.$({ maxBufferBytes: 1000 })`yes`);
    assert.equal(error.code, 'COMMAND_OUTPUT_LIMIT');
    assert.equal(String(error.result.stdout).length <= 1000, true);
    assert.equal((await context.$({ maxBufferBytes: 1000, reject: false })`yes`).code, 'COMMAND_OUTPUT_LIMIT');
  });

  test('does not wait for what a command left running, which ends with the context', async () => {
    await using other = await local({ name: 'other' });
    const start = performance.now();
    assert.equal((await other.$`sh -c ${'sleep 707 & echo started'}`).stdout, 'started');
    assert.ok(performance.now() - start < 60_000);
    assert.ok(isRunning('sleep 707'));
    await other.close();
    await untilEnded(['sleep 707']);
  });

  test('leaves nothing when the context is closed under it', async () => {
    const other = await local({ name: 'closing' });
    const command = assert.rejects(other.$`sh -c ${'trap "" TERM; sleep 708; sleep 708'}`);
    while (!isRunning('sleep 708')) await sleep(5);
    await other.close();
    await command;
    await untilEnded(['sleep 708']);
  });

  test('leaves nothing when the far Node is killed', async () => {
    const other = await local({ name: 'killed' });
    const command = assert.rejects(other.$`sh -c ${'sleep 709 & sleep 709'}`, { code: 'REMOTE_LOST' });
    while (!isRunning('sleep 709')) await sleep(5);
    process.kill(other.info.pid, 'SIGKILL');
    await command;
    await untilEnded(['sleep 709']);
  });

  test('is reachable by another name, and many run at once', async () => {
    const { $ } = context;
    const results = await Promise.all(Array.from({ length: 100 }, (_, n) => $`echo ${n}`));
    assert.deepEqual(
      results.map(({ stdout }) => Number(stdout)),
      Array.from({ length: 100 }, (_, n) => n),
    );
  });

  test('shows a Secret in no error, and hands it on', async () => {
    const secret = new Secret('pa55-word-of-nobody');
    const file = join(folder, 'seen');
    await context.$`sh -c ${'printf "%s %s" "$0" "$PW" > "$1"'} --pw=${secret} ${file}`.catch(() => {});
    const { stdout } = await context.$({ env: { PW: secret } })`sh -c ${'printf %s:%s "$0" "$PW"'} --pw=${secret}`;
    assert.equal(stdout, '--pw=pa55-word-of-nobody:pa55-word-of-nobody');
    const failing: readonly (() => PromiseLike<unknown>)[] = [
      () => context.$`sh -c ${'echo "bad $0" >&2; exit 1'} ${secret}`,
      () => context.$({ shell: true })`echo x${secret}y >&2; exit 1`,
      () => context.$({ env: { PW: secret } })`sh -c ${'echo $PW; exit 1'}`,
      () => context.$`${secret}`,
    ];
    for (const make of failing) {
      const { code, message, problem, result } = await failure(make());
      assert.ok(code.startsWith('COMMAND_'));
      assert.doesNotMatch(JSON.stringify([message, problem, result.command, result.why]), /pa55/);
    }
    assert.match(readFileSync(file, 'utf8'), /pa55/);
  });

  test('calls of the same context go on beside a command that writes all it can', async () => {
    const stop = new AbortController();
    const chatty = (async () => {
      let count = 0;
      for await (const line of context.$({ signal: stop.signal })`yes ${'x'.repeat(1000)}`) count += line.length;
      return count;
    })().catch((error: unknown) => error);
    for (let n = 0; n < 50; n++) assert.equal(await context.call(add, n, 1), n + 1);
    stop.abort();
    assert.match(String(await chatty), /aborted/);
    while ((await context.call(pidsOf, 'yes')).length > 0) await sleep(10);
  });
});
