import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { whyUnsafe } from './cache/cache.ts';
import { removeTree } from './files.ts';

test('removeTree never follows a link', (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'tree-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(path.join(folder, 'kept'));
  writeFileSync(path.join(folder, 'kept/file'), '');
  mkdirSync(path.join(folder, 'gone'));
  symlinkSync(path.join(folder, 'kept'), path.join(folder, 'gone/link'));
  removeTree(path.join(folder, 'gone'));
  removeTree(path.join(folder, 'missing'));
  assert.deepEqual([existsSync(path.join(folder, 'kept/file')), whyUnsafe(path.join(folder, 'kept'))], [true, undefined]);
});
