import { test } from 'node:test';
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../tools/source-imports.ts';
import { commentsOf } from './support/comments.ts';

const SKIPPED = { cwd: root, exclude: ['**/node_modules/**'] };
const OWN = ['src', 'tools', 'test', 'bench', 'examples', 'docs'];
/** A path or name of a file, with or without folders before it. */
const NAMED = /(?<![\w./*:@-])((?:[\w-]+\/|\.{1,2}\/)*[\w-][\w.-]*\.(?:ts|cts|mts|md|cjs|sh))(?!\w)/g;

/** Files of a user that comments speak of as examples. */
const EXAMPLES = new Set(['a/b.ts', 'deploy.ts', 'host-ops.ts', 'lib.cjs', 'rollout.ts', 'x.ts']);

test('files that comments name exist', () => {
  const known = globSync(['*', ...OWN.map((folder) => `${folder}/**`)], SKIPPED).map((file) => `/${file}`);
  const sources = OWN.map((folder) => `${folder}/**/*.{ts,cjs}`);
  let count = 0;
  const missing: string[] = [];
  for (const file of globSync(sources, SKIPPED).sort()) {
    if (file.includes('/fixtures/')) continue;
    for (const comment of commentsOf(readFileSync(path.join(root, file), 'utf8')))
      for (const [, named = ''] of comment.matchAll(NAMED)) {
        count++;
        const end = `/${named.replace(/^(?:\.{1,2}\/)+/, '')}`;
        if (EXAMPLES.has(named) || known.some((path) => path.endsWith(end))) continue;
        missing.push(`${file}: ${named}`);
      }
  }
  assert.ok(count > 50, `${count} names were seen`);
  assert.deepEqual(missing, []);
});
