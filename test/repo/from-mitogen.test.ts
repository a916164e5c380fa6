// docs/from-mitogen.md says which test shows what: the files and the names that it gives are there.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../tools/source-imports.ts';

const page = readFileSync(path.join(root, 'docs/from-mitogen.md'), 'utf8');

/** A test as the page names it: its file, then «its title» as it stands in the source, `${…}` included; one after the other for several of a file. */
const NAMED = /`((?:src|test)\/[\w./-]+\.ts)`((?:(?:,| and)? «[^»]+»)*)/g;

/** What a file calls its tests, groups of tests and behaviours. */
function titlesIn(text: string): Set<string> {
  const titles = text.matchAll(/(?:\b(?:test|it|describe)\(|\btitle:)\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|`((?:[^`\\]|\\.)*)`)/g);
  return new Set([...titles].map(([, single, double, template]) => single ?? double ?? template ?? ''));
}

/** The rows of the page's tables whose first cell has this form. */
const rows = (first: RegExp): string[] => page.split('\n').filter((line) => first.test(line));

test('docs/from-mitogen.md names tests that exist', () => {
  let count = 0;
  const wrong: string[] = [];
  for (const [, file = '', names = ''] of page.matchAll(NAMED)) {
    if (!existsSync(path.join(root, file))) {
      wrong.push(file);
      continue;
    }
    const titles = titlesIn(readFileSync(path.join(root, file), 'utf8'));
    for (const [, name = ''] of names.matchAll(/«([^»]+)»/g)) {
      count++;
      if (!titles.has(name)) wrong.push(`${file}: ${name}`);
    }
    // What the compiler checks has no name.
    if (names === '' && !file.endsWith('.test-d.ts')) wrong.push(`${file}: no test is named`);
  }
  assert.ok(count > 150, `${count} names were seen`);
  assert.deepEqual(wrong, []);
  assert.equal([...page.matchAll(/«/g)].length, count, 'every name stands behind its file');
});

test('docs/from-mitogen.md has a row for each behaviour and each oddity, with something in every cell', () => {
  const numbers = (all: readonly string[]): number[] => all.map((row) => Number(/\d+/.exec(row)?.[0]));
  const behaviours = rows(/^\| \d+ \|/);
  const oddities = rows(/^\| O\d+ \|/);
  assert.deepEqual(
    numbers(behaviours),
    Array.from({ length: 135 }, (_, n) => n + 1),
  );
  assert.deepEqual(
    numbers(oddities),
    Array.from({ length: 18 }, (_, n) => n + 1),
  );
  for (const row of [...behaviours, ...oddities]) assert.match(row, /^(?:\| [^|]*[^| ] ){3}\|$/, row);
  for (const row of oddities) assert.match(row, /«/, row);
});
