import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { createDisk } from './disk.ts';

const folder = mkdtempSync(join(tmpdir(), 'resprout-disk-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const at = (...names: readonly string[]): string => join(folder, ...names);

for (const sync of [true, false]) {
  const disk = createDisk({ sync });

  test(`writeAtomic replaces the whole file and leaves nothing else (sync ${sync})`, () => {
    disk.makeFolder(at('deep', 'er'));
    disk.writeAtomic(at('deep', 'er', 'x'), 'one');
    disk.writeAtomic(at('deep', 'er', 'x'), new Uint8Array([116, 119, 111]));
    assert.equal(disk.readText(at('deep', 'er', 'x')), 'two');
    assert.deepEqual(readdirSync(at('deep', 'er')), ['x']);
    assert.equal(statSync(at('deep', 'er', 'x')).mode & 0o777, 0o600);
    assert.equal(statSync(at('deep')).mode & 0o777, 0o700);
  });

  test(`writeAtomic leaves nothing behind when it fails (sync ${sync})`, () => {
    disk.makeFolder(at('target', 'inside'));
    assert.throws(() => disk.writeAtomic(at('target'), 'x'), { code: 'EISDIR' });
    assert.throws(() => disk.writeAtomic(at('no-such-folder', 'x'), 'x'), { code: 'ENOENT' });
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.endsWith('.tmp')),
      [],
    );
  });

  test(`append adds to the end (sync ${sync})`, () => {
    const file = at(`lines-${sync}`);
    disk.append(file, 'a\n');
    disk.append(file, 'b\n');
    assert.equal(disk.readText(file), 'a\nb\n');
  });
}

test('read, readText, stat, list and realPath give undefined for what does not exist, and throw on anything else', () => {
  const disk = createDisk();
  for (const path of [at('gone'), at('gone', 'deeper'), join(at('lines-true'), 'below-a-file')]) {
    assert.deepEqual(
      [disk.read(path), disk.readText(path), disk.stat(path), disk.list(path), disk.realPath(path)],
      Array(5).fill(undefined),
    );
  }
  assert.throws(() => disk.readText(folder), { code: 'EISDIR' });
  symlinkSync('loop', at('loop'));
  assert.throws(() => disk.realPath(at('loop')), { code: 'ELOOP' });
});

test('makeFolder throws where no folder can be made, also where Node itself would try for ever', () => {
  const disk = createDisk();
  assert.throws(() => disk.makeFolder('/proc/no-such-folder/deeper'), { code: 'ENOENT' });
  assert.throws(() => disk.makeFolder(at('lines-true')), { code: 'EEXIST' });
  assert.throws(() => disk.makeFolder(at('lines-true', 'below')), { code: 'ENOTDIR' });
  disk.makeFolder(folder);
});

test('readText drops a byte order mark; realPath resolves links; remove takes folders and missing paths', () => {
  const disk = createDisk();
  writeFileSync(at('bom'), '\uFEFFtext');
  assert.equal(disk.readText(at('bom')), 'text');
  symlinkSync(at('bom'), at('link'));
  assert.equal(disk.realPath(at('link')), disk.realPath(at('bom')));
  assert.deepEqual([disk.stat(at('link'))?.isFile, disk.stat(folder)?.isFolder], [true, true]);
  disk.remove(at('deep'));
  disk.remove(at('deep'));
  assert.equal(disk.stat(at('deep')), undefined);
});
