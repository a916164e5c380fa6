// docs/supervisor.md says which test shows what: the files and the names that it gives are there.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../tools/source-imports.ts';

const page = readFileSync(path.join(root, 'docs/supervisor.md'), 'utf8');
const NAMED = /`((?:src|test)\/[\w./-]+\.ts)`((?:,? «[^»]+»)+)/g;

/** What a file calls its tests and behaviours. */
function titlesIn(file: string): Set<string> {
  const text = readFileSync(path.join(root, file), 'utf8');
  const titles = text.matchAll(/(?:\btest\(\s*|\btitle:\s*)(?:'((?:[^'\\]|\\.)*)'|`((?:[^`\\]|\\.)*)`)/g);
  return new Set([...titles].map(([, single, template]) => single ?? template ?? ''));
}

test('docs/supervisor.md names tests that exist', () => {
  let count = 0;
  const wrong: string[] = [];
  for (const [, file = '', names = ''] of page.matchAll(NAMED))
    for (const [, name = ''] of names.matchAll(/«([^»]+)»/g)) {
      count++;
      if (!titlesIn(file).has(name)) wrong.push(`${file}: ${name}`);
    }
  assert.deepEqual(wrong, []);
  assert.ok(count > 25, `${count} names were seen`);
  assert.equal([...page.matchAll(/«/g)].length, count, 'every name stands behind its file');
});

test('docs/supervisor.md has a row for each of the 44 behaviours, with something in every cell', () => {
  const rows = [...page.matchAll(/^\| (\d+)(?:–(\d+))? \|.*$/gm)];
  const numbers = rows.flatMap(([, from, to = from]) => Array.from({ length: Number(to) - Number(from) + 1 }, (_, n) => Number(from) + n));
  assert.deepEqual(
    numbers,
    Array.from({ length: 44 }, (_, n) => n + 1),
  );
  for (const [row] of rows) assert.match(row, /^(?:\| [^|]*[^| ] ){3}\|$/, row);
});
