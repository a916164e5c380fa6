import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeOf } from '../../src/base/errors/errors.ts';
import { buildOf, memoryBuilder, project } from './support/project.ts';

const lowered = (files: Readonly<Record<string, string>>): string => {
  const { build, program } = buildOf(files);
  return build.artefacts(program.path('main.ts')).lowered;
};
const failure = (files: Readonly<Record<string, string>>): string => {
  try {
    buildOf(files);
  } catch (error) {
    return `${codeOf(error)} ${(error as Error).message}`;
  }
  return 'no error';
};

test('lowering takes types out and keeps everything else', () => {
  assert.equal(lowered({ 'main.ts': `export const f = <T,>(a: T): T => a!;\nenum E { A }\n` }).includes(': T'), false);
  assert.match(lowered({ 'main.ts': `export enum E { A }` }), /E\["A"\] = 0/);
});

test('lowering turns a hashbang into a comment and drops a byte order mark', () => {
  assert.match(lowered({ 'main.ts': `#!/usr/bin/env node\nexport const a = 1;\n` }), /^\/\/\/usr\/bin\/env node\n/);
  assert.match(lowered({ 'main.ts': `\uFEFFexport const a = 1;\n` }), /^export const a = 1;/);
});

test('lowering keeps unused imports without tsconfig and with verbatimModuleSyntax, and drops them otherwise', () => {
  const files = { 'main.ts': `import { a } from './side.ts';\nexport const x = 1;\n`, 'side.ts': `export const a = 1;\n` };
  const tsconfig = (options: string): Readonly<Record<string, string>> => ({
    ...files,
    'tsconfig.json': `{ "compilerOptions": ${options} }`,
  });
  assert.match(lowered(files), /import \{ a \}/);
  assert.match(lowered(tsconfig('{ "verbatimModuleSyntax": true, /* with a comment */ }')), /import \{ a \}/);
  assert.doesNotMatch(lowered(tsconfig('{ "strict": true }')), /import/);
});

test('lowering follows what a tsconfig.json extends, by path and by package', () => {
  const base = `{ "compilerOptions": { "verbatimModuleSyntax": true } }`;
  const files = { 'main.ts': `import { a } from './side.ts';\n`, 'side.ts': `export const a = 1;\n` };
  assert.match(lowered({ ...files, 'base.json': base, 'tsconfig.json': `{ "extends": "./base" }` }), /import/);
  const inPackage = { 'node_modules/@org/base/tsconfig.json': base, 'tsconfig.json': `{ "extends": ["@org/base/tsconfig.json"] }` };
  assert.match(lowered({ ...files, ...inPackage }), /import/);
  assert.doesNotMatch(
    lowered({ ...files, 'tsconfig.json': `{ "extends": "./base.json" }`, 'base.json': '{ "extends": "./tsconfig.json" }' }),
    /import/,
  );
});

test('a syntax error names file, line and column in characters, not bytes', () => {
  assert.match(failure({ 'main.ts': `// 🎉é\nlet é = '🎉'; let y: number = ;\n` }), /^TRANSFORM_SYNTAX main\.ts:2:31: /);
  assert.match(failure({ 'main.ts': `import './bad.json';`, 'bad.json': '{' }), /^TRANSFORM_SYNTAX bad\.json is not valid JSON/);
});

test('a standard decorator is refused with its line and what to do', () => {
  const text = failure({ 'main.ts': `function d(a: any, b: any) { return a; }\nexport class A {\n  @d m() {}\n}\n` });
  assert.match(text, /^TRANSFORM_UNSUPPORTED main\.ts:3:\d+: standard decorators .* set experimentalDecorators/);
  assert.match(
    failure({ 'main.ts': `export class A { accessor x = 1; }` }),
    /^TRANSFORM_UNSUPPORTED main\.ts:1:\d+: standard decorators and `accessor`/,
  );
});

test('the format of a file follows its name, then its package, then its text', () => {
  const program = project({
    'package.json': '{ "name": "open" }',
    'main.ts': `import './a.ts'; import './b.ts'; import './c.mts'; import './d.cts'; import './e.js'; import './f.ts'; import './g.json' with { type: 'json' };`,
    'a.ts': `export const a = 1;`,
    'b.ts': `const fs = require('node:fs'); exports.b = fs;`,
    'c.mts': `globalThis.c = 1;`,
    'd.cts': `exports.d = 1;`,
    'e.js': `// import x from 'y'\nconst s = "export default 1"; module.exports = s;`,
    'f.ts': `import x = require('node:fs'); export = x;`,
    'g.json': `{}`,
  });
  const build = memoryBuilder().build(program.path('main.ts'));
  const formatOf = (name: string): string => build.artefacts(program.path(name)).table.format;
  assert.deepEqual(['main.ts', 'a.ts', 'b.ts', 'c.mts', 'd.cts', 'e.js', 'f.ts', 'g.json'].map(formatOf), [
    'module',
    'module',
    'commonjs',
    'module',
    'commonjs',
    'commonjs',
    'commonjs',
    'json',
  ]);
});

test('a name that a user file does not export is a problem of the build that says import type', () => {
  const { build } = buildOf({
    'main.ts': `import { Shape, real, starred } from './lib.ts';\nimport { gone } from './lib.ts';\nexport const x: Shape = real;\n`,
    'lib.ts': `export interface Shape { a: number }\nexport const real = { a: 1 };\nexport * from './star.ts';\n`,
    'star.ts': `export const starred = 1;\n`,
  });
  const [shape, gone, ...others] = build.manifest.problems;
  assert.match(
    shape?.message ?? '',
    /^main\.ts:1:10: '\.\/lib\.ts' has no export "Shape"; if it is a type, write import type \{ Shape \}$/,
  );
  assert.match(gone?.message ?? '', /no export "gone"/);
  assert.deepEqual(others, []);
});

test('a missing module is a problem of the build, not a failure', () => {
  const { build } = buildOf({ 'main.ts': `import x from 'not-there';\nimport y from './gone.ts';\nexport default [x, y];\n` });
  assert.deepEqual(
    build.manifest.problems.map(({ code, message }) => [code, message]),
    [
      ['BUILD_MODULE_MISSING', "Cannot find 'not-there' imported from main.ts"],
      ['BUILD_MODULE_MISSING', "Cannot find './gone.ts' imported from main.ts"],
    ],
  );
});
