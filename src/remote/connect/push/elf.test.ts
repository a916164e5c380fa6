import { test } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { needs } from '../../../../test/support/needs.ts';
import { headerWithoutSections, readElf, type Elf } from './elf.ts';

const skip = needs('linux');

async function elfOf(path: string): Promise<Elf | undefined> {
  const file = await open(path);
  try {
    return await readElf(file);
  } finally {
    await file.close();
  }
}

/** Does something with a file of these bytes. */
async function withFile<T>(bytes: Uint8Array, use: (path: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'resprout-elf-'));
  try {
    writeFileSync(join(folder, 'file'), bytes);
    return await use(join(folder, 'file'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('readElf reads machine, loader and libraries of the Node that runs this', { skip }, async () => {
  const elf = await elfOf(process.execPath);
  assert.equal(elf?.arch, process.arch);
  assert.match(elf?.interpreter ?? '', /^\/lib.*\/ld-/);
  assert.ok(elf?.needed.some((name) => name.startsWith('libc.')));
});

test('headerWithoutSections makes a file that ends behind its last segment run', { skip }, async () => {
  const { loadedBytes = 0 } = (await elfOf(process.execPath)) ?? {};
  const bytes = readFileSync(process.execPath);
  const short = Buffer.concat([headerWithoutSections(bytes.subarray(0, 64)), bytes.subarray(64, loadedBytes)]);
  await withFile(short, (path) => {
    chmodSync(path, 0o755);
    const { stdout } = spawnSync(path, ['-p', 'process.version'], { encoding: 'utf8' });
    assert.equal(stdout.trim(), process.version);
    return Promise.resolve();
  });
});

test('readElf takes any file for what it is or for none, and never more than it holds', { skip }, async () => {
  for (const text of ['', '#!/bin/sh\n', '\x7fELF'])
    await withFile(Buffer.from(text, 'latin1'), async (path) => assert.equal(await elfOf(path), undefined));
  const head = readFileSync(process.execPath).subarray(0, 8192);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.nat(1023), fc.nat(255)), { maxLength: 8 }), async (changes) => {
      const bytes = Buffer.from(head);
      for (const [at, value] of changes) bytes[at] = value;
      await withFile(bytes, async (path) => void (await elfOf(path)));
    }),
    { numRuns: 200 },
  );
});
