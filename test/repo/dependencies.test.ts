import { test } from 'node:test';
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root, sourceFiles, valueImports } from '../../tools/source-imports.ts';
import { tableRows } from './support/tables.ts';

const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const rows = tableRows(read('ARCHITECTURE.md'), '| package | reason | imported by | without it |');
const quoted = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text);

/** Files that a program needs at run time to load one of these packages. */
const importersOf = (packages: readonly string[]): string[] =>
  sourceFiles().filter((file) => valueImports(file).some((name) => packages.some((one) => name === one || name.startsWith(`${one}/`))));

test('ARCHITECTURE.md explains each runtime dependency, and no other package', () => {
  const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> };
  assert.deepEqual(rows.map(([name = '']) => quoted(name)[0] ?? '').sort(), Object.keys(dependencies).sort());
  for (const cells of rows) for (const cell of cells) assert.notEqual(cell, '', `a cell of ${cells.join(' | ')}`);
});

for (const [name = '', , by = ''] of rows)
  test(`ARCHITECTURE.md names the one file that imports ${quoted(name).join(' or ')}`, () => {
    const expected = by.startsWith('nobody') ? [] : quoted(by).map((file) => `src/${file}`);
    assert.deepEqual(importersOf(quoted(name)), expected);
    for (const file of quoted(by)) assert.ok(existsSync(path.join(root, 'src', file)), file);
  });

test('src/ imports no package that ARCHITECTURE.md does not name', () => {
  const known = rows.flatMap(([name = '']) => quoted(name));
  const unknown = sourceFiles().flatMap((file) =>
    valueImports(file)
      .filter((name) => !/^(?:\.|node:)/.test(name) && !known.some((one) => name === one || name.startsWith(`${one}/`)))
      .map((name) => `${file}: ${name}`),
  );
  assert.deepEqual(unknown, []);
});

test('the lockfile holds the parts of each package for every system, so that a clone can be prepared on any', () => {
  interface Locked {
    readonly optionalDependencies?: Readonly<Record<string, string>>;
  }
  const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> };
  const missing = Object.entries(packages).flatMap(([where, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => packages[`node_modules/${name}`] === undefined && packages[`${where}/node_modules/${name}`] === undefined)
      .map((name) => `${name} of ${where}`),
  );
  assert.deepEqual(missing, []);
});
