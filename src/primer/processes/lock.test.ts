import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import type { Interruptions } from './interruptions.ts';
import { takeLock, type Lock } from './lock.ts';
import { PrimeError } from '../problem.ts';
import { hostIdentity, isAlive, selfIdentity, startOf } from './process-identity.ts';

const noInterruptions: Interruptions = { cleanup: () => () => undefined, end: () => undefined };

function folderFor(t: TestContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'lock-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const take = (folder: string, waitMs = 60_000, onWait: (owner: string) => void = () => undefined): Promise<Lock> =>
  takeLock({ folder, name: 'x', what: folder, waitMs, interruptions: noInterruptions, onWait });

test('takeLock waits for a living owner, says so once, and times out with PRIME_LOCK_TIMEOUT', async (t) => {
  const folder = folderFor(t);
  const lock = await take(folder);
  const told: string[] = [];
  await assert.rejects(
    take(folder, 400, (owner) => told.push(owner)),
    (error) => error instanceof PrimeError && error.code === 'PRIME_LOCK_TIMEOUT' && error.message.includes(`process ${process.pid}`),
  );
  assert.deepEqual(told, [`process ${process.pid}`]);
  lock.release();
  lock.release();
  (await take(folder)).release();
  assert.equal(readdirSync(folder).length, 1, 'one small file stays');
});

test('takeLock takes over from an owner that was killed, and from one whose pid is another process now', async (t) => {
  const folder = folderFor(t);
  const { pid } = spawnSync('true');
  const host = hostIdentity();
  writeFileSync(path.join(folder, 'x.lock.3'), JSON.stringify({ pid, started: '1', host, released: false }));
  (await take(folder, 1000)).release();
  writeFileSync(path.join(folder, 'x.lock.9'), JSON.stringify({ pid: process.pid, started: 'earlier', host, released: false }));
  (await take(folder, 1000)).release();
  writeFileSync(path.join(folder, 'x.lock.20'), 'garbage');
  // Killed while it wrote: a claim, a note, and what belongs to another lock.
  for (const name of ['x.lock.20.4711.tmp', 'x.lock.20.4711.3.tmp', 'y.lock.1.4711.tmp']) writeFileSync(path.join(folder, name), '{');
  (await take(folder, 1000)).release();
  assert.deepEqual(readdirSync(folder).sort(), ['x.lock.21', 'y.lock.1.4711.tmp']);
});

test('takeLock waits until the tool of a dead owner is gone', async (t) => {
  const folder = folderFor(t);
  const tool = spawn('sleep', ['0.6'], { stdio: 'ignore' });
  const { pid } = spawnSync('true');
  const started = startOf(tool.pid ?? 0) ?? '?';
  const owner = { pid, started: '1', host: hostIdentity(), released: false, tools: [{ pid: tool.pid, started }] };
  writeFileSync(path.join(folder, 'x.lock.1'), JSON.stringify(owner));
  (await take(folder)).release();
  assert.equal(isAlive({ pid: tool.pid ?? 0, started }), false);
});

test('takeLock believes an owner on another machine as long as it beats', async (t) => {
  const folder = folderFor(t);
  const file = path.join(folder, 'x.lock.1');
  writeFileSync(file, JSON.stringify({ pid: 1, started: '1', host: 'elsewhere 1', released: false }));
  await assert.rejects(take(folder, 300), /process 1 on elsewhere holds/);
  const old = Date.now() / 1000 - 120;
  utimesSync(file, old, old);
  (await take(folder, 1000)).release();
});

test('takeLock lets one in at a time when many processes race, some of which are killed', async (t) => {
  const folder = folderFor(t);
  const script = path.join(folder, 'racer.mjs');
  const counter = path.join(folder, 'counter');
  writeFileSync(counter, '0');
  writeFileSync(
    script,
    `import { takeLock } from ${JSON.stringify(path.join(import.meta.dirname, 'lock.ts'))};
import { readFileSync, writeFileSync } from 'node:fs';
const interruptions = { cleanup: () => () => undefined, end: () => undefined };
for (let i = 0; i < 5; i += 1) {
  const lock = await takeLock({ folder: ${JSON.stringify(folder)}, name: 'x', what: 'x', waitMs: 60000, interruptions, onWait: () => undefined });
  const n = Number(readFileSync(${JSON.stringify(counter)}, 'utf8'));
  await new Promise((resolve) => setTimeout(resolve, 5));
  writeFileSync(${JSON.stringify(counter)}, String(n + 1));
  if (process.argv[2] === 'dies' && i === 1) process.kill(process.pid, 'SIGKILL');
  lock.release();
}`,
  );
  const runs = Array.from({ length: 6 }, (_, i) => spawn(process.execPath, [script, i < 2 ? 'dies' : 'lives'], { stdio: 'inherit' }));
  await Promise.all(runs.map((run) => new Promise((resolve) => run.on('exit', resolve))));
  assert.equal(readFileSync(counter, 'utf8'), String(2 * 2 + 4 * 5));
});

test('selfIdentity names this process, isAlive tells it from a later one', () => {
  const self = selfIdentity();
  assert.equal(isAlive(self), true);
  assert.equal(isAlive({ pid: self.pid, started: `${self.started}0` }), false);
});

test('takeLock takes a file that stays empty for one of a writer that died, not of one that is writing', async (t) => {
  const folder = folderFor(t);
  writeFileSync(path.join(folder, 'x.lock.1'), '');
  await assert.rejects(take(folder, 100), (error) => error instanceof PrimeError && error.code === 'PRIME_LOCK_TIMEOUT');
  (await take(folder, 60_000)).release();
});
