import { appendFileSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import assert from 'node:assert/strict';
import type { OutputPiece } from '../../journal/sessions/output-log.ts';
import { OUTPUT_FILES, OutputFile, outputLine } from './output-file.ts';
import { OutputFiles } from './output-reader.ts';

const root = mkdtempSync(path.join(tmpdir(), 'resprout-output-'));
after(() => rmSync(root, { recursive: true, force: true }));
const newFolder = (): string => mkdtempSync(path.join(root, 'session-'));

const piece = (text: string | Uint8Array, atMs = 1): OutputPiece => ({ atMs, from: { stream: 'stdout' }, bytes: Buffer.from(text) });
const textsOf = (pieces: readonly OutputPiece[]): string[] => pieces.map(({ bytes }) => Buffer.from(bytes).toString('latin1'));

test('OutputFile keeps pieces byte for byte, with stream, context and time', async () => {
  const folder = newFolder();
  const file = new OutputFile(folder);
  const pieces: OutputPiece[] = [
    { atMs: 1, from: { stream: 'stdout' }, bytes: Buffer.from('text\n"quoted" \u2028 ünï\0') },
    { atMs: 2, from: { stream: 'stderr' }, bytes: Uint8Array.of(0xc3) },
    { atMs: 3.5, from: { context: 'web-1 › root' }, bytes: Buffer.from('a line') },
    { atMs: 4, from: { stream: 'stdout' }, bytes: new Uint8Array() },
  ];
  for (const one of pieces) file.write(one);
  const reader = new OutputFiles(folder);
  assert.deepEqual(
    (await reader.next()).map((one) => ({ ...one, bytes: [...one.bytes] })),
    pieces.map((one) => ({ ...one, bytes: [...one.bytes] })),
  );
  assert.deepEqual(await reader.next(), []);
  assert.equal(statSync(path.join(folder, OUTPUT_FILES.now)).mode & 0o777, 0o600);
  await reader.close();
  await file.close();
});

test('OutputFile makes nothing before something is printed, and goes on where an earlier owner stopped', async () => {
  const folder = newFolder();
  await new OutputFile(folder).close();
  assert.deepEqual(readdirSync(folder), []);
  for (const text of ['one', 'two']) {
    const file = new OutputFile(folder);
    file.write(piece(text));
    await file.close();
  }
  const reader = new OutputFiles(folder);
  assert.deepEqual(textsOf(await reader.next()), ['one', 'two']);
  await reader.close();
});

test('OutputFiles follows over the change of files: each piece once and in order, whenever it looks', async () => {
  for (const every of [1, 3, 7, 50]) {
    const folder = newFolder();
    const file = new OutputFile(folder, undefined, 400);
    const reader = new OutputFiles(folder);
    const seen: string[] = [];
    const written: string[] = [];
    for (let i = 0; i < 200; i++) {
      written.push(`piece ${String(i)}`);
      file.write(piece(`piece ${String(i)}`));
      if (i % every === every - 1) seen.push(...textsOf(await reader.next()));
    }
    seen.push(...textsOf(await reader.next()));
    // Whoever looks seldom misses what is gone; what is seen is in order and the newest is there.
    if (every < 7) assert.deepEqual(seen, written);
    assert.deepEqual([...new Set(seen)], seen);
    assert.deepEqual(
      seen,
      written.filter((text) => seen.includes(text)),
    );
    assert.equal(seen.at(-1), written.at(-1));
    assert.deepEqual(readdirSync(folder).sort(), [OUTPUT_FILES.now, OUTPUT_FILES.old].sort());
    assert.ok(readdirSync(folder).every((name) => statSync(path.join(folder, name)).size < 600));
    await reader.close();
    await file.close();
  }
});

test('OutputFiles passes over what is no piece, and waits for the rest of a line', async () => {
  const folder = newFolder();
  const name = path.join(folder, OUTPUT_FILES.now);
  const wrong = ['', '{', 'null', '[]', '{"atMs":"1"}', '{"atMs":1,"stream":"stdin","text":"x"}', '{"atMs":1,"stream":"stdout","text":7}'];
  writeFileSync(name, `${wrong.join('\n')}\n${outputLine(piece('right'))}`);
  const reader = new OutputFiles(folder);
  assert.deepEqual(textsOf(await reader.next()), ['right']);
  const line = outputLine(piece('späť'));
  const bytes = Buffer.from(line);
  for (const byte of bytes.subarray(0, -1)) {
    appendFileSync(name, Uint8Array.of(byte));
    assert.deepEqual(await reader.next(), []);
  }
  appendFileSync(name, '\n');
  assert.equal(Buffer.from((await reader.next())[0]?.bytes ?? []).toString(), 'späť');
  await reader.close();
});

test('OutputFile keeps nothing through a link, and says why it keeps nothing more', async () => {
  const folder = newFolder();
  const target = path.join(folder, 'elsewhere');
  symlinkSync(target, path.join(folder, OUTPUT_FILES.now));
  const file = new OutputFile(folder);
  file.write(piece('one'));
  file.write(piece('two'));
  assert.equal((file.problem as NodeJS.ErrnoException | undefined)?.code, 'ELOOP');
  assert.ok(!readdirSync(folder).includes('elsewhere'));
});
