import { test } from 'node:test';
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { Readable, Writable } from 'node:stream';
import { startProcess } from './spawner.ts';

const env = { PATH: '/usr/bin:/bin' };

test('startProcess rejects with the system error for a program that cannot be started', async () => {
  await assert.rejects(startProcess({ file: '/nowhere/program', args: [], env, stdio: [] }), { code: 'ENOENT' });
  await assert.rejects(startProcess({ file: 'true', args: [], env, cwd: '/nowhere', stdio: [] }), { code: 'ENOENT' });
});

test('startProcess gives the pipes in their order, and the exit code', async () => {
  const child = await startProcess({
    file: 'sh',
    args: ['-c', 'cat; echo three >&3; exit 3'],
    env,
    stdio: ['pipe', 'pipe', 'null', 'pipe'],
  });
  const [input, output, none, three] = child.pipes;
  assert.ok(input instanceof Writable && output instanceof Readable && none === undefined && three instanceof Readable);
  let text = '';
  for (const pipe of [output, three]) pipe.on('data', (piece) => (text += String(piece)));
  const ends = [output, three].map((pipe) => new Promise((resolve) => pipe.once('close', resolve)));
  input.end('one ');
  assert.deepEqual(await child.exited, { code: 3, signal: null });
  await Promise.all(ends);
  assert.deepEqual(text.split(/\s+/).toSorted(), ['', 'one', 'three']);
});

test('startProcess kills what is left of the group when its leader ends, and signals nobody after that', async () => {
  const child = await startProcess({
    file: 'sh',
    args: ['-c', 'sleep 1000 >/dev/null 2>&1 </dev/null & echo $!'],
    env,
    stdio: ['null', 'pipe', 'null'],
  });
  const output = child.pipes[1];
  assert.ok(output instanceof Readable);
  let pid = '';
  output.on('data', (piece) => (pid += String(piece)));
  await new Promise((resolve) => output.once('close', resolve));
  await child.exited;
  for (let waitedMs = 0; existsSync(`/proc/${pid.trim()}/exe`) && waitedMs < 15_000; waitedMs += 20)
    await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(existsSync(`/proc/${pid.trim()}/exe`), false);
  child.signal('SIGKILL', 'group');
  child.signal('SIGKILL', 'process');
});
