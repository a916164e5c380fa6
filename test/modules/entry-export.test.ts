import assert from 'node:assert/strict';
import { test } from 'node:test';
import { entryExport } from '../../src/worker/program/entry-export.ts';
import { memoryBuilder, project } from './support/project.ts';

/** The export that a file begins with, as a program. */
function entryOf(file: string, text: string, wanted?: string): string {
  const program = project({ [file]: text, 'package.json': '{}' });
  return entryExport(memoryBuilder().build(program.path(file)), wanted);
}

test('entryExport() takes module.exports for the default export where it can be called, as Node’s import does', () => {
  for (const text of [
    'module.exports = async function () {};',
    'exports = module.exports = async () => {};',
    'async function go() {}\nmodule.exports = go;',
    'const go = async () => {};\nmodule.exports = go;\nmodule.exports.other = 1;',
    'const wrap = (fn) => fn;\nmodule.exports = wrap(async () => {});',
    `module.exports = require('./other.cjs');`,
    'module.exports = function () {};\nmodule.exports.main = () => {};',
    'exports.default = async () => {};',
  ])
    assert.equal(entryOf('main.cjs', text), 'default', text);
  assert.equal(entryOf('main.cts', 'async function go(): Promise<void> {}\nexport = go;'), 'default');
});

test('entryExport() takes main where module.exports holds it', () => {
  for (const text of [
    'exports.main = async () => {};',
    'module.exports = { main: async () => {} };',
    'module.exports = { main() {} };',
    'module.exports = { async main() {} };',
    'module.exports = { limit: 1, async *rows() {}, async main() {} };',
    'const main = async () => {};\nconst api = { main };\nmodule.exports = api;',
    'const wrap = (all) => all;\nmodule.exports = wrap({});\nmodule.exports.main = () => {};',
  ])
    assert.equal(entryOf('main.cjs', text), 'main', text);
});

test('entryExport() gives an empty name for a file without an entry: its body is the program', () => {
  for (const [file, text] of [
    ['main.ts', `console.log('hello');`],
    ['main.ts', `export const other = 1;\nexport function nightly() {}`],
    ['main.ts', ''],
    ['main.cjs', `console.log('hello');`],
    ['main.cjs', 'module.exports = { other: 1 };'],
    ['main.cjs', 'const api = { go() {} };\nmodule.exports = api;'],
    ['main.cjs', 'module.exports = { main: 1, [`main`]() {}, get main() { return 1; } };'],
  ] as const)
    assert.equal(entryOf(file, text), '', text);
  assert.equal(entryOf('main.ts', 'export default () => 1;', ''), '', 'a session that began so goes on so');
});

test('entryExport() finds what is wanted among the methods of module.exports', () => {
  assert.equal(entryOf('main.cjs', 'module.exports = { limit: 1, async nightly() {} };', 'nightly'), 'nightly');
});

test('entryExport() refuses an export that is not there, and names those that are', () => {
  assert.throws(() => entryOf('main.ts', 'export const a = 1, b = 2;', 'gone'), {
    code: 'RUN_EXPORT_MISSING',
    problem: { tried: 'run main.ts:gone', saw: 'it exports a, b', kept: 'Nothing ran', do: 'Name one of these exports' },
  });
  assert.throws(() => entryOf('main.ts', 'function run() {}', 'run'), {
    code: 'RUN_EXPORT_MISSING',
    message: 'main.ts has no export "run"',
  });
});
