import { test } from 'node:test';
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { importGraph, root } from '../../tools/source-imports.ts';
import { tableRows } from './support/tables.ts';

const document = readFileSync(path.join(root, 'ARCHITECTURE.md'), 'utf8');

/** What the table says each layer imports. */
function layersOfTable(): Map<string, string[]> {
  const rows = tableRows(document, '| folder | is | imports |');
  return new Map(
    rows.map(([folder = '', , imports = '']) => [folder.replaceAll('`', ''), imports === 'nothing' ? [] : imports.split(', ').sort()]),
  );
}

/** The folder of `src/` that a project is; the public entries lie in `src/` itself. */
const layerOf = (folder: string): string => (folder === 'src' ? 'entries' : folder.replace(/^src\//, ''));

/** What each project may import. */
function layersOfProjects(): Map<string, string[]> {
  const files = globSync('src/**/tsconfig.json', { cwd: root });
  return new Map(
    files.map((file) => {
      const folder = path.posix.dirname(file);
      const { references } = JSON.parse(readFileSync(path.join(root, file), 'utf8')) as { references: { path: string }[] };
      return [layerOf(folder), references.map((reference) => layerOf(path.posix.join(folder, reference.path))).sort()];
    }),
  );
}

/** What the files of each layer do import. */
function layersOfImports(layers: readonly string[]): Map<string, string[]> {
  const longestFirst = layers.filter((layer) => layer !== 'entries').sort((a, b) => b.length - a.length);
  const layerOfFile = (file: string): string => longestFirst.find((layer) => file.startsWith(`src/${layer}/`)) ?? 'entries';
  const found = new Map(layers.map((layer) => [layer, new Set<string>()]));
  for (const [file, targets] of importGraph())
    for (const target of targets) {
      const [from, to] = [layerOfFile(file), layerOfFile(target)];
      if (from !== to) found.get(from)?.add(to);
    }
  return new Map([...found].map(([layer, targets]) => [layer, [...targets].sort()]));
}

const sorted = (layers: ReadonlyMap<string, string[]>): Record<string, string[]> =>
  Object.fromEntries([...layers].sort(([a], [b]) => (a < b ? -1 : 1)));

test('ARCHITECTURE.md names each project of src/ with exactly its references', () => {
  const projects = layersOfProjects();
  assert.ok(projects.size > 10, 'the projects were not found');
  assert.deepEqual(sorted(layersOfTable()), sorted(projects));
});

// The compiler lets a project import what its references reference in turn.
test('tsconfig references of a project are what its files import, no more and no less', () => {
  const projects = layersOfProjects();
  assert.deepEqual(sorted(layersOfImports([...projects.keys()])), sorted(projects));
});

test('ARCHITECTURE.md draws each layer above all that it imports', () => {
  const layers = layersOfTable();
  const drawn = new Map<string, number>();
  for (const [, level = '', names = ''] of document.matchAll(/^ (\d) {3}(\S.*)$/gm))
    for (const name of names.split(/\s+/)) if (layers.has(name)) drawn.set(name, Number(level));
  assert.deepEqual([...drawn.keys()].sort(), [...layers.keys()].sort());
  for (const [layer, imports] of layers)
    for (const target of imports) assert.ok((drawn.get(layer) ?? 0) > (drawn.get(target) ?? 9), `${layer} is not drawn above ${target}`);
});
