// A real process in the place of a far Node that sends every handle in every shape: it ends neither a plain program nor a session.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import * as numbers from '../../src/wire/frames/handle-numbers.ts';
import { workFolder } from '../worker/support/harness.ts';

const PROGRAM = path.join(import.meta.dirname, 'programs/meets-hostile.ts');
const COMMAND = path.resolve(import.meta.dirname, '../../dist/cli/main.js');
const run = promisify(execFile);

/** Handles of pieces of messages: what breaks their rules ends the link, as it has to. */
const TRANSFERS: readonly number[] = [numbers.TRANSFER, numbers.TRANSFER_DATA, numbers.TRANSFER_CREDIT];
const OTHERS = Object.values(numbers).filter((handle) => !TRANSFERS.includes(handle));
/** 0 stands for mailboxes that were not asked. */
const SETS = [...OTHERS.map(String), ...TRANSFERS.map(String), '0', '1000,5000', OTHERS.join(',')];

function checkSaid(said: readonly string[]): void {
  assert.equal(said.length, SETS.length);
  for (const [index, text] of said.entries()) {
    const set = SETS[index] ?? '';
    // Its own last words, or broken rules of a transfer, may end its link, and nothing else does.
    const mayEnd = set.split(',').some((handle) => TRANSFERS.includes(Number(handle)) || Number(handle) === numbers.EXITING);
    assert.match(text, mayEnd ? /still here|REMOTE_(?:LOST|EXITED)$/ : /^still here: .*#asked$/, set);
  }
}

test('a far side that sends every handle in every shape does not end a plain program', { timeout: 300_000 }, async () => {
  const { stdout } = await run(process.execPath, [PROGRAM], {
    env: { ...process.env, HOSTILE_SETS: JSON.stringify(SETS) },
    timeout: 280_000,
  });
  checkSaid(JSON.parse(stdout) as string[]);
});

test('nor does it end a session, or steer it', { timeout: 300_000 }, async () => {
  using folder = workFolder();
  const env = { ...process.env, HOSTILE_SETS: JSON.stringify(SETS.filter((set) => !set.split(',').map(Number).includes(numbers.EXITING))) };
  const args = [COMMAND, 'run', PROGRAM, '--json', '--store', path.join(folder.path, 'store')];
  const { stdout } = await run(process.execPath, args, { env, timeout: 280_000 });
  const { ok, value } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as { ok: boolean; value: string[] };
  assert.equal(ok, true);
  for (const text of value) assert.match(text, /still here|REMOTE_LOST$/);
});

test('every handle has a number in the table of the test', () => {
  const text = readFileSync(new URL('../../src/wire/frames/handle-numbers.ts', import.meta.url), 'utf8');
  assert.equal(Object.keys(numbers).length, [...text.matchAll(/^export const /gm)].length);
});
