import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { abandonedPart, newPart, partsIn, release, takeOver } from './parts.ts';

const FILE = { bytes: 4_000_000, modifiedMs: 1000 };

/** A part of a file that another process of its own writes, for as long as that sleeps. */
function partOfAnother(t: TestContext, seconds: string): { readonly folder: string; readonly target: string; readonly part: string } {
  const folder = mkdtempSync(path.join(tmpdir(), 'parts-'));
  const writer = spawn('sleep', [seconds], { stdio: 'ignore' });
  t.after(() => {
    writer.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  const target = path.join(folder, 'file');
  const own = newPart(target, FILE);
  release(own);
  writeFileSync(own, 'the beginning');
  const part = own.replace(`-${process.pid}.`, `-${writer.pid ?? 0}.`);
  renameSync(own, part);
  return { folder, target, part };
}

test('abandonedPart waits for a writer that is ending, and its part can be taken over', async (t) => {
  const { folder, target, part } = partOfAnother(t, '0.4');
  const parts = await partsIn(folder);
  assert.deepEqual(await abandonedPart(parts, target, FILE), { part, bytes: 13 });
  assert.equal(await abandonedPart(parts, target, { ...FILE, modifiedMs: 2000 }), undefined, 'another version of the file');
  const taken = await takeOver(part, target, FILE);
  assert.match(taken ?? '', new RegExp(`-${process.pid}\\.\\d+\\.part$`));
  assert.equal(await takeOver(part, target, FILE), undefined, 'once');
});

test('abandonedPart leaves a part alone whose writer goes on', async (t) => {
  const { folder, target, part } = partOfAnother(t, '60');
  const growing = setInterval(() => appendFileSync(part, 'more'), 20);
  try {
    assert.equal(await abandonedPart(await partsIn(folder), target, FILE), undefined);
  } finally {
    clearInterval(growing);
  }
});
