import { test } from 'node:test';
import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../tools/source-imports.ts';

const MOST = 15;

/** How many files each folder holds itself. Tests and project files are counted apart. */
function sizesOf(files: readonly string[]): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  for (const file of files) {
    if (file.endsWith('.test.ts') || path.posix.basename(file) === 'tsconfig.json') continue;
    const folder = path.posix.dirname(file);
    sizes.set(folder, (sizes.get(folder) ?? 0) + 1);
  }
  return sizes;
}

test(`a folder of src/ has at most ${MOST} files, so that a reader finds code by guessing its path`, () => {
  const sizes = sizesOf(globSync('src/**/*.*', { cwd: root }));
  assert.ok(sizes.size > 50, `${sizes.size} folders were seen`);
  const crowded = [...sizes].filter(([, count]) => count > MOST).map(([folder, count]) => `${folder}: ${count}`);
  assert.deepEqual(crowded.sort(), []);
});

test('sizesOf() counts neither tests nor project files nor what lies in folders below', () => {
  const files = ['src/a/b.ts', 'src/a/b.test.ts', 'src/a/tsconfig.json', 'src/a/c.sh', 'src/a/d/e.ts'];
  assert.deepEqual(Object.fromEntries(sizesOf(files)), { 'src/a': 2, 'src/a/d': 1 });
});
