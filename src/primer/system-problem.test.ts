import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { PrimeError, toError } from './problem.ts';
import { systemProblem } from './system-problem.ts';

function thrownBy(run: () => unknown): Error {
  try {
    run();
  } catch (error) {
    return toError(error);
  }
  throw new Error('nothing was thrown');
}

test('systemProblem says place, operation and cure of what the system refuses, and leaves other errors alone', (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'refused-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(path.join(folder, 'file'), '');
  const refused = systemProblem(thrownBy(() => mkdirSync(path.join(folder, 'file'))));
  assert.equal(refused?.code, 'PRIME_IO');
  assert.match(refused?.message ?? '', new RegExp(`refuses mkdir at ${folder}/file: EEXIST`));
  assert.match(refused?.problem.do ?? '', /remove it/);
  for (const [code, cure] of [
    ['ENOSPC', /Make room/],
    ['EROFS', /can be written/],
    ['EMFILE', /ulimit/],
    ['EIO', /disk/],
    ['EACCES', /rights/],
  ] as const) {
    const error = Object.assign(new Error(`${code}: no`), { code, syscall: 'write', path: folder });
    assert.match(systemProblem(error)?.problem.do ?? '', cure);
  }
  const foreign = Object.assign(new Error('EACCES: no'), { code: 'EACCES', syscall: 'open', path: '/proc/1/no/such' });
  assert.equal(/belongs to user/.test(systemProblem(foreign)?.problem.saw ?? ''), process.getuid?.() !== 0);
  assert.equal(systemProblem(new PrimeError('PRIME_USAGE', 'x', { do: 'y' })), undefined);
  assert.equal(systemProblem(thrownBy(() => JSON.parse('{'))), undefined);
  assert.equal(systemProblem(thrownBy(() => readFileSync(1n as never))), undefined, 'a fault of ours is no refusal of the system');
});
