import { test } from 'node:test';
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { readKnown } from '../known.ts';
import { catalogue, themes } from '../tables/catalogue.ts';

const programs = catalogue();

test('catalogue holds every program once, and hundreds of them', () => {
  const names = programs.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  assert.ok(names.length >= 600, `${names.length} programs`);
});

test('catalogue has both forms of programs, in every kind of file', () => {
  const kinds = new Set(programs.map(({ form, file }) => `${form} ${path.extname(file)}`));
  for (const kind of ['main .mjs', 'script .mjs', 'main .cjs', 'script .cjs', 'main .ts', 'script .ts', 'main .cts', 'script .js'])
    assert.ok(kinds.has(kind), `no ${kind}`);
});

test('every theme has its test file', () => {
  for (const theme of themes()) assert.ok(existsSync(path.join(import.meta.dirname, `${theme}.test.ts`)), theme);
});

test('known.txt names programs that are there', () => {
  const names = new Set(programs.map(({ name }) => name));
  assert.deepEqual(
    [...readKnown().keys()].filter((name) => !names.has(name)),
    [],
  );
});
