import { test } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { VERSION } from '../../src/base/version.ts';
import { root } from '../../tools/source-imports.ts';

interface PackageFile {
  readonly version: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly files: readonly string[];
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
}

const described = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as PackageFile;

test('package.json has the version that the programs say, and that the changelog begins with', () => {
  assert.equal(described.version, VERSION);
  const changelog = readFileSync(path.join(root, 'CHANGELOG.md'), 'utf8');
  assert.equal(/^## (\S+)/m.exec(changelog)?.[1], VERSION);
});

test('package.json names files that the build makes or that are here', () => {
  const exported = Object.values(described.exports).flatMap((value) => (typeof value === 'string' ? [value] : Object.values(value)));
  const named = [...exported, ...Object.values(described.bin), ...described.files.filter((file) => !file.startsWith('!'))];
  assert.ok(named.length > 10);
  assert.deepEqual(
    named.filter((file) => !existsSync(path.join(root, file))),
    [],
  );
});

// They lead to `src/`, which is not in the package.
test('the package has no source maps, and everything that its exports name', () => {
  const { stdout, stderr } = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: root, encoding: 'utf8' });
  const [packed] = JSON.parse(stdout || '[]') as { files: { path: string }[] }[];
  const files = packed?.files.map((file) => file.path) ?? [];
  assert.ok(files.length > 100, stderr);
  assert.deepEqual(
    files.filter((file) => file.endsWith('.map') || file.startsWith('src/') || file.startsWith('test/')),
    [],
  );
  const exported = Object.values(described.exports).flatMap((value) => (typeof value === 'string' ? [] : Object.values(value)));
  for (const file of [...exported, ...Object.values(described.bin)]) assert.ok(files.includes(file.replace(/^\.\//, '')), file);
});

test('package.json exports load, each with something in it', async () => {
  for (const [entry, value] of Object.entries(described.exports)) {
    if (typeof value === 'string') continue;
    const loaded = (await import(path.join(root, value['default'] ?? ''))) as object;
    assert.ok(Object.keys(loaded).length > 0, entry);
  }
});
