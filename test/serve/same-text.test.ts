import assert from 'node:assert/strict';
import { stripTypeScriptTypes } from 'node:module';
import { test } from 'node:test';
import { entryInLoaderText, isWrapped } from '../../src/remote/serve/loader-text.ts';
import { anchorsIn, hasInlineMap, isOtherText, isSameText, offsetOf } from '../../src/remote/serve/same-text.ts';

const strip = (text: string): string => stripTypeScriptTypes(text);

test('isSameText takes what Node makes of a TypeScript text for the same', () => {
  const source = `import type { A } from 'a';\nlet n = 1 as number\n;(globalThis as any).x = <T,>(a: T): T => { return a! satisfies T; };\nclass K<T> { declare x: T; private y?: T; m(this: K<T>): void {} }\n`;
  assert.equal(isSameText(strip(source), source), true);
});

test('isSameText sees an edit, a longer text and a shorter one', () => {
  assert.equal(isSameText(`f() { return 1; }`, `f() { return 2; }`), false);
  assert.equal(isSameText(`f() { return 1; }`, `f() { return 1; }x`), false);
  assert.equal(isSameText(`f() { return 1; } `, `f() { return 1; }`), false);
});

test('isOtherText does not count what Node appends', () => {
  const source = `export const a: number = 1;\n`;
  assert.equal(isOtherText(`${strip(source)}\n//# sourceURL=file:///a.ts`, source), false);
  assert.equal(isOtherText(`a;\n//# sourceMappingURL=data:x`, `a;\n//# sourceMappingURL=data:x\n`), false);
  assert.equal(isOtherText(strip(source), source.replace('1', '2')), true);
});

test('hasInlineMap tells a text that a loader made', () => {
  assert.equal(hasInlineMap(`a\n//# sourceMappingURL=data:application/json;base64,e30=`), true);
  assert.equal(hasInlineMap(`const s = 'sourceMappingURL=data:';\n`), false);
  assert.equal(hasInlineMap(`a\n//# sourceURL=file:///a.ts`), false);
});

test('offsetOf gives places behind the end none', () => {
  assert.equal(offsetOf('ab\ncd', 2, 2), 4);
  assert.equal(offsetOf('ab\r\ncd', 2, 1), 4);
  assert.equal(offsetOf('ab', 3, 1), undefined);
  assert.equal(offsetOf('ab', 1, 9), undefined);
});

test('anchorsIn points at the start of arrows, at the parameters of others', () => {
  assert.deepEqual(anchorsIn('function f(a) {}'), [10]);
  assert.deepEqual(anchorsIn('async function* f(a) {}'), [17]);
  assert.deepEqual(anchorsIn('m(a) { return (1); }'), [1]);
  assert.deepEqual(anchorsIn('async m(a) {}'), [7]);
  for (const arrow of ['(a) => 1', 'a => 1', 'async (a) => 1', 'async a => 1', 'é => (1)']) assert.equal(anchorsIn(arrow)[0], 0, arrow);
  assert.ok(anchorsIn('class K { constructor(a) {} }').includes(21));
});

const VITE =
  `'use strict';async (__vite_ssr_exports__,require)=>{{__vite_ssr_exportName__("default", () => { try { return __vite_ssr_export_default__ } catch {} });\n` +
  `__vite_ssr_exportName__("outer", () => { try { return inner } catch {} });\nconst __vite_ssr_export_default__ = (n) => n;\nconst inner = (n) => n;\n\n}}`;

test('entryInLoaderText finds functions in the text of vite, with the names that they are exported under', () => {
  const at = (text: string): readonly [number, number] => {
    const before = VITE.slice(0, VITE.indexOf(text)).split('\n');
    return [before.length, (before.at(-1) ?? '').length + 1];
  };
  assert.deepEqual(entryInLoaderText(VITE, ...at('(n) => n;\nconst inner'))?.exports, ['default']);
  const inner = entryInLoaderText(VITE, ...at('(n) => n;\n\n'));
  assert.deepEqual([inner?.path, inner?.exports], [['inner'], ['outer']]);
});

test('isWrapped tells a file in a function that nobody calls from what people write', () => {
  assert.equal(isWrapped(VITE), true);
  for (const text of ['(async () => { await 1; })();', 'export const a = 1;', '"use strict";', '', 'const f = () => {};', '({'])
    assert.equal(isWrapped(text), false, text);
});
