import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse, type AnyNode } from 'acorn';
import { brandOf } from '../../src/durable/replay/kinds/brand-of.ts';
import { childrenOf } from '../../src/modules/text/ast.ts';
import { functionOrder } from '../../src/modules/functions/function-order.ts';
import { decodeMappings } from '../../src/modules/text/source-map.ts';
import { transformText } from './support/transform-text.ts';

const brand = /\/\*~\$dkey:(\d+)\*\//;

/** Text of each function as `toString` gives it, in the order of the functions: methods with their names. */
function functionTexts(text: string): readonly string[] {
  const program = parse(text, { ecmaVersion: 'latest', sourceType: 'script', preserveParens: true });
  const methods = new Map<AnyNode, number>();
  const visit = (node: AnyNode): void => {
    const isMethod = node.type === 'MethodDefinition' || (node.type === 'Property' && (node.method || node.kind !== 'init'));
    if (isMethod && node.value) methods.set(node.value, node.start);
    for (const child of childrenOf(node)) visit(child);
  };
  visit(program);
  return functionOrder(program).map((node) => text.slice(methods.get(node) ?? node.start, node.end));
}

/** Functions whose own brand is not the first in their text. */
function wronglyBranded(source: string, path: string): { readonly functions: number; readonly wrong: readonly string[] } {
  const { text, table } = transformText(source, { path });
  // Functions of the frame have none of the file's own: the module function itself holds all brands, the accessor none.
  const own = functionTexts(text)
    .slice(1)
    .filter((one) => brand.test(one) && !one.startsWith('async () => { '));
  const wrong = own.filter((one, n) => Number(brand.exec(one)?.[1]) !== n);
  if (own.length !== table.functions.length) wrong.push(`${path} has ${table.functions.length} functions, ${own.length} are branded`);
  return { functions: own.length, wrong };
}

function sourcesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => /\.(?:ts|js|mjs)$/.test(name) && !name.endsWith('.d.ts'),
  );
}

test('brandOf: each of the thousands of functions in the sources of zod shows its own brand first', () => {
  const folder = join(dirname(fileURLToPath(import.meta.resolve('zod/package.json'))), 'src');
  let functions = 0;
  for (const name of sourcesIn(folder)) {
    const result = wronglyBranded(readFileSync(join(folder, name), 'utf8'), name.replaceAll('\\', '/'));
    assert.deepEqual(result.wrong, [], name);
    functions += result.functions;
  }
  assert.ok(functions > 4000, `${functions} functions`);
});

test('brandOf: our own sources too, and what is not branded has none', () => {
  const folder = fileURLToPath(new URL('../../src/', import.meta.url));
  for (const name of sourcesIn(folder)) {
    if (name.includes('.test.')) continue;
    assert.deepEqual(wronglyBranded(readFileSync(join(folder, name), 'utf8'), name).wrong, [], name);
  }
  assert.equal(brandOf(Math.max), undefined);
  assert.equal(brandOf('/*~$dkey:1*/'), undefined);
  assert.equal(brandOf(null), undefined);
});

test('transformFile: sites keep their ids when lines above and other functions change', () => {
  const before = transformText(
    'declare const o: any;\nexport function a() { o.m(); o.m(); o.n(); }\nconst b = () => [1].map((x) => o.m(x));',
  );
  const after = transformText(
    'declare const o: any;\n\n// more\nexport function z() { o.m(); }\nexport function a() {\n  o.m(1);\n o.m(2); o.n(); }\nconst b = () => [1].map((x) => o.m(x));',
  );
  const ids = ({ form }: typeof before): readonly string[] => form.sites.map(({ id }) => id);
  assert.deepEqual(ids(before), ['file.ts#a#o.m#0', 'file.ts#a#o.m#1', 'file.ts#a#o.n#0', 'file.ts#b#[1].map#0', 'file.ts#b/fn#o.m#0']);
  assert.deepEqual(ids(after).slice(1), ids(before));
  assert.deepEqual(
    after.form.sites.map(({ line, column }) => [line, column]),
    [
      [4, 23],
      [6, 3],
      [7, 2],
      [7, 10],
      [8, 17],
      [8, 32],
    ],
  );
});

test('transformFile: what is awaited at once is marked', () => {
  const { form } = transformText(
    'declare const o: any;\nexport async function f() { await o.a(); o.b(); await (o?.c()); return o.d(); }\nexport const g = async () => o.e();\nexport const h = () => o.f();',
  );
  const awaited = form.sites.filter(({ label }) => label.startsWith('o')).map((site) => [site.label, site.awaited]);
  assert.deepEqual(awaited, [
    ['o.a', true],
    ['o.b', false],
    ['o?.c', true],
    ['o.d', true],
    ['o.e', true],
    ['o.f', false],
  ]);
});

test('composeMap: every kept token leads to its own place in the TypeScript text', () => {
  const source =
    'interface A { b: number }\nexport function first(a: A): number {\n  return second(a.b as number,   third<string>("x"));\n}\ndeclare const second: any, third: any;\n';
  const { text, map } = transformText(source);
  const lines = decodeMappings(map);
  const placeOf = (needle: string): readonly [number, number] => {
    const offset = text.indexOf(needle);
    const line = text.slice(0, offset).split('\n').length - 1;
    const column = offset - (text.lastIndexOf('\n', offset) + 1);
    const segment = (lines[line] ?? []).findLast((one) => one.length > 1 && one[0] <= column);
    const [, , sourceLine = -1, sourceColumn = -1] = segment ?? [];
    return [sourceLine + 1, sourceColumn + 1];
  };
  assert.deepEqual(placeOf('first(/*'), [2, 17]);
  assert.deepEqual(placeOf('return '), [3, 3]);
  assert.deepEqual(placeOf('c2($ds'), [3, 10]);
  assert.deepEqual(placeOf('a.b'), [3, 17]);
  assert.deepEqual(placeOf('c1($ds'), [3, 34]);
  assert.deepEqual(placeOf('"x"'), [3, 48]);
});

test('freeNames: a file that uses every injected name keeps its own', () => {
  const names = ['$d', '$ds', '$i0', '$n0', '$meta', '$imp', '$dflt', '$cls', '$d_0_', '$i_1_7'];
  const { text } = transformText(
    `import fs from 'node:fs';\nconst ${names.map((name, index) => `${name} = ${index}`).join(', ')};\nexport default () => [${names.join(', ')}, fs];`,
  );
  assert.match(text, /^\(function\* \(\$d_2_, \$meta_2_, \$imp_2_\)/);
  assert.match(text, /\$i_2_0\.default/);
});

test('findWarnings: what is not made durable is named with its place', () => {
  const source =
    'declare const Worker: any;\nnew WeakRef({});\nAtomics.wait(new Int32Array(1), 0, 0);\neval("1");\nnew Function("1");\nnew Worker("x");\nconst eval2 = eval;\n{ class WeakRef {} new WeakRef(); }\nnew FinalizationRegistry(() => {});';
  const { form } = transformText(source);
  assert.deepEqual(
    form.warnings.map(({ line, column }) => [line, column]),
    [
      [2, 1],
      [3, 1],
      [4, 1],
      [5, 1],
      [6, 1],
      [9, 1],
    ],
  );
});

test('refuseUnsupported: forms that cannot run durably name file, line and column of the TypeScript text', () => {
  assert.throws(() => transformText('\nwith (o) f();', { path: 'old.cjs' }), {
    code: 'TRANSFORM_UNSUPPORTED',
    message: /^old\.cjs:2:1: `with` cannot run durably$/,
  });
});
