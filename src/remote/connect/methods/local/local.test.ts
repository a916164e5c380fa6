import { test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { brotliCompressSync } from 'node:zlib';
import { dialTest, talk, useAndEnd } from '../../../../../test/ssh/support/dialling.ts';
import { until } from '../../../../../test/support/until.ts';
import { connectionMethodBehaviours } from '../../../../testing/connection-method-suite.ts';
import { dial, farStdioOf } from '../../dial.ts';
import type { Recipe } from '../../recipe.ts';

const local: Recipe = { method: 'local', name: 'a' };
const isAlive = (pid: number): boolean => existsSync(`/proc/${pid}`) || (process.platform !== 'linux' && signals(pid));
const signals = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
const untilDead = async (pid: number): Promise<void> => {
  for (let waitedMs = 0; isAlive(pid) && waitedMs < 60_000; waitedMs += 20) await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(isAlive(pid), false, `process ${pid} is still there`);
};
const core = (text: string): Uint8Array => brotliCompressSync(text);

test('dial starts a local child that leads its own session and has no stdin', async () => {
  const dialled = await dialTest(local);
  assert.deepEqual(dialled.node, { path: process.execPath, version: process.versions.node });
  // Group and session are the 5th and 6th field of its stat.
  const stat = process.platform === 'linux' ? readFileSync(`/proc/${dialled.pid}/stat`, 'utf8') : undefined;
  if (stat !== undefined)
    assert.deepEqual(
      stat
        .slice(stat.lastIndexOf(')') + 2)
        .split(' ')
        .slice(2, 4)
        .map(Number),
      [dialled.pid, dialled.pid],
    );
  const facts = await useAndEnd(dialled);
  assert.equal(facts.pid, dialled.pid);
  assert.equal(facts.stdinIsNull, true);
  await untilDead(dialled.pid);
});

test('dial gives a local child our environment less what loads code, with the recipe laid over it', async () => {
  const env = {
    KEPT: '1',
    NODE_OPTIONS: '--no-such-option',
    NODE_PATH: '/x',
    NODE_COMPILE_CACHE: '/x',
    LD_PRELOAD: '/x.so',
    BASH_ENV: '/x',
    npm_config_x: '1',
    RESPROUT_ASK: 'x|y',
  };
  const facts = await useAndEnd(await dialTest({ ...local, env: { OWN: '2', NODE_PATH: '/mine' } }, { env }));
  const seen = Object.keys(env)
    .concat('OWN')
    .map((name) => facts.env[name]);
  assert.deepEqual(seen, ['1', undefined, '/mine', undefined, undefined, undefined, undefined, undefined, '2']);
});

test('dial carries the stdout and stderr of a local child, and keeps its last words', async () => {
  const boot = core(
    `console.log('out');console.error('one');console.error('two');new (require('net').Socket)({fd:3}).on('data',()=>{}).on('end',()=>process.exit(7))`,
  );
  const dialled = await dialTest(local, { boot });
  const text: Record<'out' | 'err', string> = { out: '', err: '' };
  dialled.stdout?.onData((bytes) => (text.out += Buffer.from(bytes).toString()));
  dialled.stderr?.onData((bytes) => (text.err += Buffer.from(bytes).toString()));
  dialled.link.onData(() => {});
  const ends = [dialled.stdout, dialled.stderr].map((source) => new Promise<void>((resolve) => source?.onEnd(resolve)));
  await until('all that it prints', () => text.out.endsWith('out\n') && text.err.endsWith('two\n'));
  dialled.link.close();
  assert.deepEqual(await dialled.exited, { code: 7, signal: null });
  await Promise.all(ends);
  assert.deepEqual(text, { out: 'out\n', err: 'one\ntwo\n' });
  assert.deepEqual(dialled.lastWords(), ['one', 'two']);
  await dialled.kill();
});

test('kill ends a local child that ignores SIGTERM and blocks, and its children with it', async () => {
  const boot = core(
    `process.on('SIGTERM',()=>{});const c=require('child_process').spawn('sleep',['1000'],{stdio:'ignore'});fs.writeSync(3,c.pid+' ');for(;;);`,
  );
  const dialled = await dialTest(local, { boot });
  const child = await new Promise<number>((resolve) =>
    dialled.link.onData((bytes) => resolve(Number.parseInt(Buffer.from(bytes).toString()))),
  );
  assert.equal(isAlive(child), true);
  await dialled.kill();
  await dialled.kill();
  assert.equal((await dialled.exited).signal, 'SIGKILL');
  await untilDead(child);
});

test('dial reports the end of a local child by its link, after what it had sent', async () => {
  const boot = core(`fs.writeSync(3,'last words');process.exit(3)`);
  const dialled = await dialTest(local, { boot });
  let got = '';
  dialled.link.onData((bytes) => (got += Buffer.from(bytes).toString()));
  await new Promise<string>((resolve) => dialled.link.onClose(resolve));
  assert.equal(got, 'last words');
  assert.equal((await dialled.exited).code, 3);
  assert.equal(dialled.link.send(Buffer.from('dropped')), true);
});

test('dial leaves no local child when its controller is killed', async () => {
  const script = `import { dialTest, talk } from ${JSON.stringify(import.meta.resolve('../../../../../test/ssh/support/dialling.ts'))};
    const d = await dialTest({ method: 'local', name: 'a' }); await talk(d); console.log(d.pid); await d.exited;`;
  const controller = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const pid = await new Promise<number>((resolve) => controller.stdout.once('data', (piece) => resolve(Number(String(piece)))));
  assert.equal(isAlive(pid), true);
  controller.kill('SIGKILL');
  await untilDead(pid);
});

test('dial refuses a local Node that is missing, is none, or hangs', async () => {
  const codes = async (node: string | string[]): Promise<unknown> =>
    await dialTest({ ...local, node }).then(
      () => 'opened',
      (error: { code?: string }) => error.code,
    );
  assert.equal(await codes('/nowhere/node'), 'REMOTE_NODE_MISSING');
  assert.equal(await codes('/bin/true'), 'REMOTE_NODE_MISSING');
  assert.equal(await codes(['sh', '-c', 'exec sleep 60']), 'REMOTE_NODE_MISSING');
  assert.equal(await codes(['sh', '-c', 'echo v20.1.0']), 'REMOTE_NODE_TOO_OLD');
  const dialled = await dialTest({ ...local, node: ['env', 'EXTRA=1', process.execPath] });
  assert.equal((await talk(dialled)).env['EXTRA'], '1');
  await dialled.kill();
});

test('dial throws REMOTE_CONNECT_FAILED for a working folder that is not there, and the reason of an aborted signal', async () => {
  await assert.rejects(dialTest({ method: 'local', name: 'a', cwd: join(tmpdir(), 'no-such-folder') }), { code: 'REMOTE_CONNECT_FAILED' });
  await assert.rejects(dialTest(local, { signal: AbortSignal.abort(new Error('enough')) }), /enough/);
});

for (const { title, run } of connectionMethodBehaviours({ recipe: local, farStdio: farStdioOf(local), dial, env: process.env }))
  test(`local ${title}`, run);
