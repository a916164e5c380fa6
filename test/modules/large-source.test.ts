// A large TypeScript code base that we did not write: the sources of zod.
import assert from 'node:assert/strict';
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { functionOrder, parseText } from '../../src/modules/index.ts';
import { REPOSITORY } from '../support/programs.ts';
import { memoryBuilder, project } from './support/project.ts';

test('every function of a large code base has a number, a place in its TypeScript file, and a way or a reason', () => {
  const program = project();
  cpSync(`${REPOSITORY}/node_modules/zod/src`, program.path('zod'), { recursive: true });
  const files = readdirSync(program.path('zod'), { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
  );
  program.write('main.ts', files.map((name) => `import './zod/${name}';\n`).join(''));
  const build = memoryBuilder().build(program.path('main.ts'));
  let functions = 0;
  for (const file of build.files()) {
    const { table, lowered } = build.artefacts(file);
    if (table.format === 'json') continue;
    const lines = readFileSync(file, 'utf8').split('\n');
    const ordered = functionOrder(parseText(lowered, table.format));
    assert.equal(ordered.length, table.functions.length, table.path);
    for (const entry of table.functions) {
      functions++;
      assert.deepEqual(entry.range, [ordered[entry.n]?.start, ordered[entry.n]?.end]);
      assert.ok(
        entry.column >= 1 && entry.column <= (lines[entry.line - 1] ?? '').length + 1,
        `${table.path}:${entry.line}:${entry.column}`,
      );
      assert.equal(entry.path === null, entry.why !== undefined, `${table.path} ${entry.n}`);
    }
  }
  assert.ok(functions > 2000, `${functions} functions`);
});
