// Contexts that live on without their controller, on this machine. Over ssh: test/ssh/detach.test.ts.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { connect as connectSocket, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { attach, local, Secret, type Context } from 'resprout';
import { codeOf } from '../../src/base/errors/errors.ts';
import { groupOf, isAlive } from '../support/processes.ts';
import { until } from '../support/until.ts';
import { add, answerAt, blockUntil, echo, facts, large, noted, numbers, readAlone, sleeper, sum } from './far.ts';
import { Controller, CONTROLLER, insideOf, startAndLeave } from './support.ts';

const hasCode = (code: string) => (error: unknown) => codeOf(error) === code;
const isRefused = hasCode('REMOTE_DETACH_REFUSED');

async function untilGone(pid: number): Promise<void> {
  await until(`process ${pid} and its group are gone`, () => !isAlive(pid) && groupOf(pid).length === 0);
}

/** Processes that have something of a folder open, whether or not it still has a name. */
function keepersOf(folder: string): readonly string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readdirSync(`/proc/${pid}/fd`).some((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`).startsWith(folder));
    } catch {
      return false;
    }
  });
}

/** Command lines and environments of all processes that this user may see. */
function seenByOthers(): string {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((name) =>
      ['cmdline', 'environ'].map((file) => {
        try {
          return readFileSync(`/proc/${name}/${file}`, 'latin1');
        } catch {
          return '';
        }
      }),
    )
    .join('\n');
}

test('a detached context lives on with its calls when its controller has ended, and another process has it by its token', async () => {
  const started = await startAndLeave('local', 60_000);
  assert.deepEqual([started.sum, started.running, started.shown], [5, 'REMOTE_DETACHED', '[Secret]']);
  const { path, secret } = insideOf(started.token);
  assert.equal(statSync(dirname(path)).mode & 0o777, 0o700);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(dirname(path)), ['s'], 'its pipes have no names');
  assert.equal(keepersOf(dirname(path)).length, 3, 'the process itself, and who leads its outputs there');
  for (const pid of [started.pid, ...started.children]) assert.ok(isAlive(pid), `${pid} lives`);
  await using controller = new Controller('attach', 'local:');
  controller.tell({ token: started.token });
  const found = await controller.until<{ name: string; pid: number; generation: number; sum: number }>((said) => 'name' in said);
  assert.deepEqual([found.name, found.pid, found.generation], ['counter', started.pid, 1]);
  assert.ok(found.sum > 5, 'the call counts on');
  assert.ok(!existsSync(dirname(path)), 'one is let in, and the place is gone');
  const wanted = new Set(['console log here again', 'stdout out here again', 'stderr err here again', 'stdout tick', 'stderr tock']);
  while (wanted.size > 0) {
    const line = await controller.next<{ stream: string; text: string; from: string }>();
    assert.equal(line.from, 'counter');
    wanted.delete(`${line.stream} ${line.text}`);
  }
  assert.ok(!seenByOthers().includes(secret), 'no process shows the secret');
  controller.tell('close');
  while ((await controller.next<unknown>()) !== 'closed');
  await untilGone(started.pid);
  for (const pid of started.children) assert.ok(!isAlive(pid));
  await until('no program keeps its pipes', () => keepersOf(dirname(path)).length === 0);
});

test('a detached context that nobody attaches to ends with its lease, and leaves nothing', async () => {
  const started = await startAndLeave('local', 2000);
  const { path } = insideOf(started.token);
  await untilGone(started.pid);
  for (const pid of started.children) assert.ok(!isAlive(pid));
  assert.ok(!existsSync(dirname(path)));
  await assert.rejects(attach('local:', started.token), hasCode('REMOTE_NOT_DETACHED'));
  await until('no program keeps its pipes', () => keepersOf(dirname(path)).length === 0);
});

test('a context ends with whoever has attached to it', async () => {
  const started = await startAndLeave('local', 60_000);
  const controller = new Controller('attach', 'local:');
  controller.tell({ token: started.token });
  await controller.until((said) => 'name' in said);
  await controller.kill();
  await untilGone(started.pid);
});

test('detach and attach again and again: late answers find nobody, and new calls, chains and contexts through it are right', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'resprout-test-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  let context: Context = await local({ name: 'again' });
  const { pid } = context.info;
  const late: Promise<unknown>[] = [];
  for (let round = 0; round < 3; round++) {
    const asked = join(folder, String(round));
    late.push(context.call(answerAt, asked).then(String, codeOf));
    await context.with({ chain: 'steps' }).call(echo, 'first');
    const token = await context.detach({ leaseMs: 30_000 });
    assert.ok(token instanceof Secret);
    await assert.rejects(context.call(echo, 'x'), hasCode('REMOTE_DETACHED'));
    await assert.rejects(context.detach({ leaseMs: 30_000 }), hasCode('REMOTE_DETACHED'));
    await context.close();
    context = await attach('local:', token);
    assert.equal(context.info.pid, pid);
    writeFileSync(asked, '');
    const texts = Array.from({ length: 200 }, (_, n) => `answer ${n}`);
    assert.deepEqual(await Promise.all(texts.map((text) => context.call(echo, text))), texts);
    assert.equal(await context.call(large, new Uint8Array(3_000_000)), 3_000_000);
    assert.equal(await context.with({ chain: 'steps' }).call(echo, 'second'), 'second');
    await using below = await local({ name: `below ${round}`.replace(' ', '-'), via: context });
    assert.equal((await below.call(facts)).name, `below-${round}`);
  }
  assert.deepEqual(await Promise.all(late), ['REMOTE_DETACHED', 'REMOTE_DETACHED', 'REMOTE_DETACHED']);
  await until('the calls of the first controllers have ended', async () => (await context.call(noted)).length === 3);
  assert.deepEqual(await context.call(echo, 'last'), 'last');
  await context.close();
  await untilGone(pid);
});

test('a process whose main thread is kept busy is detached too, and what it asks for while it is alone is refused at once', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'resprout-test-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const [free, done] = [join(folder, 'free'), join(folder, 'done')];
  const context = await local({ name: 'busy' });
  const { pid } = context.info;
  await context.call(add, 1);
  const blocked = context.call(blockUntil, free).catch(codeOf);
  const read = context.call(readAlone, done).catch(codeOf);
  const token = await context.detach({ leaseMs: 120_000 });
  assert.deepEqual([await blocked, await read], ['REMOTE_DETACHED', 'REMOTE_DETACHED']);
  writeFileSync(free, '');
  await until('it has asked', () => existsSync(done), 60_000);
  assert.match(readFileSync(done, 'utf8'), /^\S+ at once$/);
  await using back = await attach('local:', token);
  assert.equal(await back.call(add, 1), 2);
  await back.close();
  await untilGone(pid);
});

test('who does not know the secret is shown out, however often, and the one who knows it is let in after that', async () => {
  const context = await local({ name: 'guarded' });
  const token = (await context.detach({ leaseMs: 60_000 })).reveal();
  const { path } = insideOf(token);
  const knock = (said: string): Promise<string> =>
    new Promise((resolve) => {
      let heard = '';
      const socket = connectSocket(path, () => socket.write(said));
      socket.on('data', (bytes: Buffer) => (heard += bytes.toString('latin1')));
      socket.on('error', () => {}).on('close', () => resolve(heard));
    });
  const wrong = ['\n', 'secret\n', 'x'.repeat(500), '\0\0\0\n', `${'A'.repeat(43)}\n`];
  assert.deepEqual(
    await Promise.all(wrong.map(knock)),
    wrong.map(() => ''),
  );
  const other = tokenWith(token, { secret: 'A'.repeat(43) });
  await assert.rejects(attach('local:', other), hasCode('REMOTE_NOT_DETACHED'));
  await using back = await attach('local:', new Secret(token));
  assert.equal(await back.call(echo, 'in'), 'in');
  await assert.rejects(attach('local:', token), hasCode('REMOTE_NOT_DETACHED'));
});

test("attach says nothing to a socket that stands at the place of a process that has ended, and is not its user's alone", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'resprout-test-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 's');
  let knocks = 0;
  const server = createServer((socket) => {
    knocks++;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  t.after(() => server.close());
  const token = tokenWith(`rsd1.${Buffer.from(JSON.stringify({ ...PLACE, path })).toString('base64url')}`, {});
  const isNotThere = hasCode('REMOTE_NOT_DETACHED');
  for (const [folderMode, socketMode, mostKnocks] of [
    [0o755, 0o600, 0],
    [0o700, 0o666, 0],
    [0o700, 0o600, 1],
  ] as const) {
    chmodSync(folder, folderMode);
    chmodSync(path, socketMode);
    await assert.rejects(attach('local:', token), isNotThere);
    assert.equal(knocks, mostKnocks);
  }
  if (process.getuid?.() !== 0) return;
  for (const [name, owner] of [
    [folder, 65_534],
    [path, 65_534],
  ] as const) {
    chownSync(name, owner, owner);
    await assert.rejects(attach('local:', token), isNotThere);
    chownSync(name, 0, 0);
  }
  assert.equal(knocks, 1);
});

/** What stands in a token. */
const PLACE = {
  id: 7,
  name: 'x',
  path: '/tmp/none/s',
  secret: 'A'.repeat(43),
  mark: `rs${'0'.repeat(24)}`,
  leaseMs: 1000,
  generation: 1,
  issued: 1,
};

function tokenWith(token: string, more: object): string {
  return `rsd1.${Buffer.from(JSON.stringify({ ...insideOf(token), ...more })).toString('base64url')}`;
}

test('attach refuses what is no token, without showing it, and a target that leads through others', async () => {
  const canary = 'canary-9f1c';
  for (const text of [
    '',
    canary,
    `rsd1.${canary}`,
    `rsd1.${Buffer.from(`{"id":"${canary}"}`).toString('base64url')}`,
    'rsd1.'.padEnd(5000, 'x'),
  ])
    await assert.rejects(
      attach('local:', text),
      (error: Error) => hasCode('REMOTE_TARGET_INVALID')(error) && !error.message.includes(canary),
    );
  const right = tokenWith('rsd1.e30', PLACE);
  await assert.rejects(attach('local:+local:b', right), hasCode('REMOTE_TARGET_INVALID'));
  await assert.rejects(attach('local:', right), hasCode('REMOTE_NOT_DETACHED'));
  for (const more of [{ path: 'relative' }, { mark: 'x' }, { id: 0 }, { id: 2 ** 32 }, { secret: '' }, { name: '-o' }, { issued: 0.5 }])
    await assert.rejects(attach('local:', tokenWith(right, more)), hasCode('REMOTE_TARGET_INVALID'), JSON.stringify(more));
});

test('a program that cannot lead on what its context prints is refused, keeps it as it was, and leaves nothing', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'resprout-test-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  symlinkSync(execFileSync('sh', ['-c', 'command -v mkfifo']).toString().trim(), join(folder, 'mkfifo'));
  for (const [path, why] of [
    [join(folder, 'none'), /mkfifo/],
    [folder, /sh/],
  ] as const) {
    const { stderr, stdout } = spawnSync(process.execPath, [CONTROLLER, 'refused'], {
      env: { PATH: path, TMPDIR: folder },
      timeout: 60_000,
    });
    const said = JSON.parse(stdout.toString()) as { readonly refused: string; readonly code: string; readonly sum: number };
    assert.equal(said.code, 'REMOTE_DETACH_REFUSED', stderr.toString());
    assert.match(said.refused, why);
    assert.equal(said.sum, 2);
    assert.match(
      stderr.toString(),
      /\[refused\] out as before[^]*\[refused\] err as before|\[refused\] err as before[^]*\[refused\] out as before/,
    );
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.startsWith('resprout-detached-')),
      [],
    );
  }
});

test('detach stops by its signal, and the context goes on', async () => {
  await using context = await local({ name: 'stopped' });
  await assert.rejects(context.detach({ leaseMs: 5000, signal: AbortSignal.abort(new Error('not now')) }), /not now/);
  assert.equal(await context.call(echo, 'as before'), 'as before');
});

test('detach refuses what cannot live on, says why, and the context goes on as before', async () => {
  await using context = await local({ name: 'staying' });
  for (const leaseMs of [0, 999, 1.5, Number.NaN, 604_800_001, undefined])
    await assert.rejects(context.detach({ leaseMs } as { leaseMs: number }), hasCode('REMOTE_TARGET_INVALID'));
  await using below = await local({ name: 'below', via: context });
  await assert.rejects(
    context.detach({ leaseMs: 5000 }),
    (error: Error) => isRefused(error) && /below was opened through it/.test(error.message),
  );
  await assert.rejects(
    below.detach({ leaseMs: 5000 }),
    (error: Error) => isRefused(error) && /through another context/.test(error.message),
  );
  await below.close();
  const steps = (await context.call(numbers))[Symbol.asyncIterator]();
  await steps.next();
  await assert.rejects(context.detach({ leaseMs: 5000 }), (error: Error) => isRefused(error) && /1 of its streams/.test(error.message));
  await steps.return?.();
  let wake = (): void => {};
  const slow = async function* (): AsyncGenerator<number> {
    yield 1;
    await new Promise<void>((resolve) => (wake = resolve));
    yield 2;
  };
  const summed = context.call(sum, slow());
  await until('the far side reads', () => wake.length === 1);
  await assert.rejects(context.detach({ leaseMs: 5000 }), isRefused);
  wake();
  assert.equal(await summed, 3);
  assert.equal(await context.call(echo, 'as before'), 'as before');
  const token = await context.detach({ leaseMs: 60_000 });
  await using back = await attach('local:', token);
  assert.ok(isAlive(await back.call(sleeper, 6072)));
});
