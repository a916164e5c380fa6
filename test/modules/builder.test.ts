import assert from 'node:assert/strict';
import { chmodSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { codeOf } from '../../src/base/errors/errors.ts';
import { parseLateFiles, parseManifest, parseTable } from '../../src/base/builds/build-parse.ts';
import type { FileExtension } from '../../src/modules/index.ts';
import { memoryBuilder, project } from './support/project.ts';

const FILES = {
  'main.ts': `import { a } from './lib/a.ts';\nimport _ from 'wraps';\nimport fs from 'node:fs';\nimport { local } from 'resprout';\nexport default [a, _, fs, local];\n`,
  'lib/a.ts': `export const a = (): number => 1;\nexport const lazy = () => import('./lazy.ts');\n`,
  'lib/lazy.ts': `export const b = require('./data.json');\n`,
  'lib/data.json': `{ "x": 1 }`,
};
const codeOfThrown = (run: () => unknown): string | undefined => {
  try {
    run();
    return 'nothing was thrown';
  } catch (error) {
    return codeOf(error);
  }
};

test('build finds every user file by static import, literal import() and literal require, and where each import leads', () => {
  const program = project(FILES);
  const build = memoryBuilder().build(program.path('main.ts'));
  assert.deepEqual([...build.files()].toSorted(), ['lib/a.ts', 'lib/data.json', 'lib/lazy.ts', 'main.ts'].map(program.path));
  const target = (from: string, request: string): string | undefined =>
    build.targetOf(program.path(from), request)?.replace(program.folder, 'F');
  assert.equal(target('main.ts', 'i:./lib/a.ts'), 'F/lib/a.ts');
  assert.equal(target('main.ts', 'i:wraps'), 'F/node_modules/wraps/index.js');
  assert.equal(target('main.ts', 'i:node:fs'), 'node:fs');
  assert.equal(target('main.ts', 'i:resprout'), 'own:resprout');
  assert.equal(target('lib/a.ts', 'i:./lazy.ts'), 'F/lib/lazy.ts');
  assert.equal(target('lib/lazy.ts', 'r:./data.json'), 'F/lib/data.json');
  assert.equal(target('main.ts', 'i:toString'), undefined);
});

test('build gives the same id and keys for the same text, and others after an edit', () => {
  const program = project(FILES);
  const cacheFolder = program.path('.cache/builds');
  const first = memoryBuilder({ cacheFolder });
  const one = first.build(program.path('main.ts'));
  assert.deepEqual(first.stats, { made: 4, read: 0 });
  const second = memoryBuilder({ cacheFolder });
  const two = second.build(program.path('main.ts'));
  assert.deepEqual(second.stats, { made: 0, read: 4 });
  assert.equal(one.id, two.id);
  assert.match(one.id, /^[0-9a-f]{24}$/);
  for (const key of Object.values(one.manifest.files)) assert.match(key, /^[0-9a-z]{16}$/);
  program.write('lib/a.ts', `${FILES['lib/a.ts']}// edited\n`);
  const three = second.build(program.path('main.ts'));
  assert.deepEqual(second.stats, { made: 1, read: 7 });
  assert.notEqual(three.id, one.id);
  assert.equal(readdirSync(program.path('.cache/builds/files')).length, 5);
  assert.match(second.open(one.id).artefacts(program.path('lib/a.ts')).lowered, /=> 1/);
});

test('build does not use the files of another tool or extension', () => {
  const program = project(FILES);
  const cacheFolder = program.path('.cache/builds');
  const extend = (version: string): FileExtension => ({
    version,
    fileNames: ['extra.txt'],
    extend: ({ table, ordered, lowered }) => ({
      files: { 'extra.txt': `${version} ${table.path} ${ordered.length}` },
      table: { sites: [], lengths: lowered.length },
    }),
  });
  memoryBuilder({ cacheFolder }).build(program.path('main.ts'));
  const extended = memoryBuilder({ cacheFolder, extend: extend('1') });
  const build = extended.build(program.path('main.ts'));
  assert.equal(extended.stats.made, 4);
  const key = build.artefacts(program.path('lib/a.ts')).key;
  assert.equal(readFileSync(`${cacheFolder}/files/${key}/extra.txt`, 'utf8'), '1 lib/a.ts 2');
  assert.match(readFileSync(`${cacheFolder}/files/${key}/table.json`, 'utf8'), /"lengths":\d+/);
  const newer = memoryBuilder({ cacheFolder, extend: extend('2') });
  newer.build(program.path('main.ts'));
  assert.equal(newer.stats.made, 4);
  rmSync(`${cacheFolder}/files/${key}/extra.txt`);
  const again = memoryBuilder({ cacheFolder, extend: extend('1') });
  again.build(program.path('main.ts'));
  assert.deepEqual(again.stats, { made: 1, read: 3 });
});

test('build makes a damaged file again, and open says which one is gone', () => {
  const program = project(FILES);
  const cacheFolder = program.path('.cache/builds');
  const build = memoryBuilder({ cacheFolder }).build(program.path('main.ts'));
  const { key } = build.artefacts(program.path('lib/a.ts'));
  truncateSync(`${cacheFolder}/files/${key}/table.json`, 20);
  const opened = memoryBuilder({ cacheFolder }).open(build.id);
  assert.match(opened.artefacts(program.path('lib/a.ts')).lowered, /=> 1/);
  truncateSync(`${cacheFolder}/files/${key}/lowered.js`, 0);
  program.write('lib/a.ts', 'export const a = 5; export const lazy = 1;');
  assert.throws(() => memoryBuilder({ cacheFolder }).open(build.id), {
    code: 'BUILD_FILE_MISSING',
    message: /^the build's copy of .*\/lib\/a\.ts is gone or damaged, and .*\/lib\/a\.ts has changed since$/,
  });
  program.write('lib/a.ts', FILES['lib/a.ts']);
  const healed = memoryBuilder({ cacheFolder });
  assert.equal(healed.build(program.path('main.ts')).id, build.id);
  assert.deepEqual(healed.stats, { made: 1, read: 3 });
  assert.equal(memoryBuilder({ cacheFolder }).open(build.id).artefacts(program.path('lib/a.ts')).table.path, 'lib/a.ts');
  writeFileSync(`${cacheFolder}/${build.id}.json`, '{"id":1}');
  assert.equal(
    codeOfThrown(() => memoryBuilder({ cacheFolder }).open(build.id)),
    'BUILD_FILE_MISSING',
  );
  assert.equal(
    codeOfThrown(() => memoryBuilder({ cacheFolder }).open('../../etc/passwd')),
    'BUILD_FILE_MISSING',
  );
});

test('build writes files that only their user can read', () => {
  const program = project(FILES);
  const cacheFolder = program.path('.cache/builds');
  const build = memoryBuilder({ cacheFolder }).build(program.path('main.ts'));
  assert.equal(statSync(`${cacheFolder}/${build.id}.json`).mode & 0o777, 0o600);
  assert.equal(statSync(`${cacheFolder}/files`).mode & 0o777, 0o700);
  assert.deepEqual(
    readdirSync(`${cacheFolder}/files`, { recursive: true }).filter((name) => String(name).includes('.tmp')),
    [],
  );
});

test('build goes on in memory when a cache that may fail cannot be written', () => {
  const program = project(FILES);
  program.write('blocked', 'a file, not a folder');
  const cacheFolder = program.path('blocked/builds');
  const build = memoryBuilder({ cacheFolder, cacheMayFail: true }).build(program.path('main.ts'));
  assert.match(build.artefacts(program.path('lib/a.ts')).lowered, /=> 1/);
  assert.equal(
    codeOfThrown(() => memoryBuilder({ cacheFolder }).build(program.path('main.ts'))),
    'STORE_IO',
  );
  chmodSync(program.path('blocked'), 0o600);
});

test('addLate adds what a computed import asks for, keeps the id, and is there at the next open after the file is gone', () => {
  const program = project({
    ...FILES,
    'plugins/late.ts': `import '../lib/a.ts';\nimport './deeper.ts';\nexport const late = 1;\n`,
    'plugins/deeper.ts': 'export {};',
  });
  const cacheFolder = program.path('.cache/builds');
  const builder = memoryBuilder({ cacheFolder });
  const build = builder.build(program.path('main.ts'));
  const late = builder.addLate(build, program.path('main.ts'), './plugins/late.ts', 'i');
  assert.equal(late.target, program.path('plugins/late.ts'));
  assert.deepEqual(Object.keys(late.files).toSorted(), [program.path('plugins/deeper.ts'), program.path('plugins/late.ts')]);
  assert.deepEqual(builder.addLate(build, program.path('main.ts'), './plugins/late.ts', 'i').files, {});
  rmSync(program.path('plugins'), { recursive: true });
  const opened = memoryBuilder({ cacheFolder }).open(build.id);
  assert.equal(opened.id, build.id);
  assert.match(opened.artefacts(program.path('plugins/late.ts')).lowered, /late = 1/);
  assert.equal(opened.targetOf(program.path('main.ts'), 'i:./plugins/late.ts'), program.path('plugins/late.ts'));
  assert.equal(readFileSync(`${cacheFolder}/${build.id}.late.jsonl`, 'utf8').split('\n').length, 2);
});

test('addLate mends a line that a crash cut off', () => {
  const program = project({ ...FILES, 'one.ts': 'export {};', 'two.ts': 'export {};' });
  const cacheFolder = program.path('.cache/builds');
  const builder = memoryBuilder({ cacheFolder });
  const build = builder.build(program.path('main.ts'));
  builder.addLate(build, program.path('main.ts'), './one.ts', 'i');
  const file = `${cacheFolder}/${build.id}.late.jsonl`;
  writeFileSync(file, `${readFileSync(file, 'utf8')}{"from":"half`);
  const next = memoryBuilder({ cacheFolder });
  next.addLate(next.open(build.id), program.path('main.ts'), './two.ts', 'i');
  const opened = memoryBuilder({ cacheFolder }).open(build.id);
  assert.equal(opened.has(program.path('one.ts')) && opened.has(program.path('two.ts')), true);
});

test('build takes npm link and workspaces for user files, and packages for packages', () => {
  const linked = project({
    'package.json': '{ "name": "linked", "type": "module", "main": "index.ts" }',
    'index.ts': 'export const l = () => 1;',
  });
  const program = project({ 'main.ts': `import { l } from 'linked';\nexport default l;\n` });
  linked.write('link.mjs', '');
  rmSync(program.path('node_modules/linked'), { force: true });
  const { symlinkSync } = process.getBuiltinModule('node:fs');
  symlinkSync(linked.folder, program.path('node_modules/linked'));
  const builder = memoryBuilder();
  const build = builder.build(program.path('main.ts'));
  assert.equal(build.has(linked.path('index.ts')), true);
  assert.equal(builder.closure(build, program.path('main.ts'), new Set()).files.length, 2);
});

test('parsers of build files refuse what is not one, and name the field', () => {
  const bad: readonly (readonly [() => unknown, RegExp])[] = [
    [() => parseManifest([]), /^manifest is not an object$/],
    [() => parseManifest({ format: 1, id: 5 }), /^manifest\.id is not a text$/],
    [() => parseTable({ key: 'k', path: 'p', format: 'wasm' }), /^table\.format is not one of module, commonjs, json$/],
    [() => parseTable({ key: 'k', path: 'p', format: 'json', functions: [{ path: null }] }), /^table\.functions\[0\]\.\w+ is not/],
    [() => parseLateFiles({ from: 'a', specifier: 'b', importKind: 'x' }), /^late\.importKind is not one of i, r$/],
    [
      () => parseLateFiles({ from: 'a', specifier: 'b', importKind: 'i', target: 't', files: { a: 1 } }),
      /^late\.files\["a"\] is not a text$/,
    ],
  ];
  for (const [run, message] of bad) assert.throws(run, { name: 'TypeError', message });
});
