import { test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { endMarked } from './marked-processes.ts';

const NAME = 'RESPROUT_TEST_MARK';
const SKIP = process.platform === 'linux' ? false : 'needs Linux: processes are found by what /proc shows of them';

/** Processes that carry the mark, zombies left out: these show no environment. */
const carriers = (value: string): string[] =>
  readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/environ`, 'latin1').split('\0').includes(`${NAME}=${value}`);
    } catch {
      return false;
    }
  });

for (const [what, script] of [
  ['a shell that starts one after the other and never ends', 'while :; do setsid sleep 20 & done'],
  ['shells that start another one and end', 'n=0; while [ $n -lt 40 ]; do n=$((n+1)); setsid sh -c "sleep 20 & exit" & done'],
] as const)
  test(`all are ended, also those that are started while it is done: ${what}`, { skip: SKIP, timeout: 300_000 }, async () => {
    for (let round = 0; round < 20; round++) {
      const value = `${process.pid}-${round}-${what.length}`;
      const child = spawn('sh', ['-c', script], { env: { ...process.env, [NAME]: value }, detached: true, stdio: 'ignore' });
      const closed = new Promise((resolve) => child.once('close', resolve));
      await sleep(20 + 2 * round);
      await endMarked(NAME, value);
      await closed;
      await sleep(30);
      assert.deepEqual(carriers(value), []);
    }
  });

test('a process that was started with another value is left alone', { skip: SKIP, timeout: 120_000 }, async () => {
  const other = spawn('sleep', ['20'], { env: { ...process.env, [NAME]: 'another' }, stdio: 'ignore' });
  const closed = new Promise((resolve) => other.once('close', resolve));
  await endMarked(NAME, 'anoth');
  assert.deepEqual(carriers('another'), [String(other.pid)]);
  await endMarked(NAME, 'another');
  await closed;
});
