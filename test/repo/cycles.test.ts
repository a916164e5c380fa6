import { test } from 'node:test';
import assert from 'node:assert/strict';
import { circlesOf } from '../../tools/check-cycles.ts';
import { importGraph } from '../../tools/source-imports.ts';

test('circlesOf() finds the shortest circle of each knot, and a file that imports itself', () => {
  const graph = new Map([
    ['a', ['b', 'd']],
    ['b', ['c']],
    ['c', ['a', 'b']],
    ['d', []],
    ['e', ['e']],
  ]);
  assert.deepEqual(circlesOf(graph), [['a', 'b', 'c'], ['e']]);
  assert.deepEqual(circlesOf(new Map([...graph, ['c', []], ['e', ['a']]])), []);
});

test('importGraph() sees type imports, re-exports and import()', () => {
  const graph = importGraph();
  const imports = (from: string, to: string): boolean => graph.get(`src/${from}`)?.includes(`src/${to}`) === true;
  assert.ok(imports('durable/replay/session/realm.ts', 'durable/replay/session/session-api.ts'), 'import type');
  assert.ok(imports('wire/index.ts', 'wire/frames/frame.ts'), 'export … from');
  assert.ok(imports('index.ts', 'own.ts'), "import '…'");
  assert.ok(imports('own.ts', 'remote/serve/index.ts'), 'import()');
});
