import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { functionOrder, parseText } from '../../src/modules/index.ts';
import { buildOf, reachOf } from './support/project.ts';

const reach = (text: string): readonly string[] => reachOf({ 'main.ts': text });

test('functionTable reaches declarations, consts and let that is never reassigned, exported or not', () => {
  const text = `function a() {} const b = () => 1; let c = async function () {}; export { a as z }; export const d = (function* () {}) as any;`;
  assert.deepEqual(reach(text), ['0 a', '1 b', '2 c', '3 d']);
});

test('functionTable refuses a binding that gets a new value anywhere, but not one that only shares its name', () => {
  assert.deepEqual(reach(`export let f = () => 1; export function g() { f = () => 2; }`), ['0 ! reassigned f', '1 g', '2 ! nested g']);
  assert.deepEqual(reach(`export let f = () => 1; export function g(f: any) { f = 2; } { let f; f = 3; }`), ['0 f', '1 g']);
  assert.deepEqual(reach(`export let f = () => 1; [f] = [() => 2];`), ['0 ! reassigned f', '1 ! nested a top-level statement']);
  assert.deepEqual(reach(`export function f() {} for (f of [1]) ;`), ['0 ! reassigned f']);
  assert.deepEqual(reach(`export let n = () => 1; export const g = () => { for (let n = 0; n < 1; n++) ; };`), ['0 n', '1 g']);
});

test('functionTable reaches static members and members of object literals, one level deep', () => {
  const text = `export class K { static s() {} static f = () => 1; i() {} get g() { return 1; } static #p() {} constructor() {} static ['c' + 1]() {} }
    export const o = { m() {}, f: () => 1, deep: { d() {} }, get g() { return 1; }, ['c' + 1]() {} };`;
  assert.deepEqual(reach(text), [
    '0 ! class K',
    '1 K.s',
    '2 K.f',
    '3 ! instance K.i',
    '4 ! accessor K.g',
    '5 ! private #p',
    '6 ! class K',
    `7 ! computed ["c" + 1]`,
    '8 o.m',
    '9 o.f',
    '10 ! nested o',
    '11 ! accessor o.g',
    `12 ! computed "c" + 1`,
  ]);
});

test('functionTable reaches default exports of any form', () => {
  assert.deepEqual(reach(`export default function () {}`), ['0 default']);
  assert.deepEqual(reach(`export default async () => 1;`), ['0 default']);
  assert.deepEqual(reach(`export default function named() {}`), ['0 named']);
  assert.deepEqual(reach(`export default class { static s() {} }`), ['0 ! class default', '1 default.s']);
  assert.deepEqual(reach(`export default { m() {} };`), ['0 default.m']);
  assert.deepEqual(reach(`import { activity } from 'resprout/durable'; export default activity(async () => 1);`), ['0 default']);
});

test('functionTable reaches what CommonJS files export', () => {
  const text = `exports.a = () => 1; module.exports.b = function () {}; module.exports = { c() {}, d }; function d() {}`;
  const files = { 'main.ts': `import './x.cjs';`, 'x.cjs': text };
  assert.deepEqual(reachOf(files, 'x.cjs'), ['0 module.exports.a', '1 module.exports.b', '2 module.exports.c', '3 d']);
});

test('functionTable sees through markers and names what wraps', () => {
  const text = `import { activity as act } from 'resprout/durable'; import { once } from './once.ts';
    export const a = act(async () => 1); export const b = once(() => 2); export const c = (() => () => 3)();`;
  assert.deepEqual(reachOf({ 'main.ts': text, 'once.ts': `export const once = (f: any) => f;` }), [
    '0 a',
    '1 ! wrapped once',
    '2 ! nested c',
    '3 ! nested c',
  ]);
});

test('functionTable sees through old decorators', () => {
  const text = `function tag(t: any): any { return t; } @tag export class D { static s() {} }`;
  assert.deepEqual(reachOf({ 'main.ts': text, 'tsconfig.json': '{ "compilerOptions": { "experimentalDecorators": true } }' }), [
    '0 tag',
    '1 ! class D',
    '2 D.s',
  ]);
});

test('functionTable gives each function its place in the TypeScript text', () => {
  const { build, program } = buildOf({
    'main.ts': `interface A {\n  b: string;\n}\n\n/* 🎉 */ export function far(a: A): string {\n  return a.b;\n}\n`,
  });
  const [entry] = build.artefacts(program.path('main.ts')).table.functions;
  assert.deepEqual([entry?.line, entry?.column], [5, 17]);
});

/** Small programs of nested functions and classes. */
const source: fc.Arbitrary<string> = fc.letrec<{ part: string; body: string }>((tie) => ({
  body: fc.array(tie('part'), { maxLength: 3 }).map((parts) => parts.join(' ')),
  part: fc.oneof(
    { maxDepth: 4 },
    fc.constant('x;'),
    tie('body').map((body) => `(function (a = () => 1) { ${body} });`),
    tie('body').map((body) => `((b) => { ${body} });`),
    tie('body').map((body) => `(class { m() { ${body} } static s = () => { ${body} }; });`),
    tie('body').map((body) => `({ get g() { ${body} return 1; }, f: async () => { ${body} } });`),
  ),
})).body;

test('functionOrder meets functions outer before inner, in the order of the text, each once', () => {
  fc.assert(
    fc.property(source, (text) => {
      const ordered = functionOrder(parseText(text, 'module'));
      const starts = ordered.map(({ start }) => start);
      assert.deepEqual(
        starts,
        [...new Set(starts)].toSorted((a, b) => a - b),
      );
      const words = text.match(/function|=>|class|m\(\)|g\(\)/g) ?? [];
      assert.equal(ordered.length, words.length);
    }),
  );
});
