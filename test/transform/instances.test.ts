import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { durableExtension } from '../../src/durable/transform/index.ts';
import { showOriginalTexts } from '../../src/durable/runner/instances/index.ts';
import { createBuilder } from '../../src/modules/index.ts';
import { createDisk } from '../../src/platform/disk/disk.ts';
import { buildProgram, fixture } from './support/program.ts';
import { openProgram, startSession } from './support/sessions.ts';

process.setSourceMapsEnabled(true);
type Exports = Record<string, (...args: unknown[]) => unknown>;

const sleep = (): string => 'sleep of the running copy';
const own = new Map<string, object>([['resprout/durable', { sleep }]]);
const folders: string[] = [];
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A program of some files in a folder of its own. */
function programOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'program-'));
  folders.push(folder);
  mkdirSync(join(folder, 'lib'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

test('instantiate: packages, CommonJS, JSON, builtins and own entries meet in one program; each session has its own state', async () => {
  using program = buildProgram(fixture('mixed', 'entry.ts'));
  const { graph, imported } = await openProgram(program.folder, program.id, { own });
  const [first, second] = [await startSession(graph), await startSession(graph)];
  const one = first.entry as Exports;
  const two = second.entry as Exports;
  const facts = one['facts']?.() as Record<string, unknown>;
  assert.equal(facts['old'], 4);
  assert.equal(facts['twice'], 8);
  assert.equal(facts['same'], true);
  assert.deepEqual(facts['counted'], [1, 'settings', 'string', true, 'function', true, true]);
  assert.deepEqual(facts['settings'], { name: 'settings' });
  assert.equal(facts['sleep'], sleep);
  assert.equal(one['next']?.(), 1);
  assert.equal(one['next']?.(), 2);
  assert.equal(two['next']?.(), 1);
  const other = two['facts']?.() as Record<string, unknown>;
  assert.equal(other['z'], facts['z'], 'packages are shared');
  assert.deepEqual(other['counted'], [1, 'settings', 'string', true, 'function', true, true]);
  assert.equal(await one['builtin']?.(), '/');
  assert.deepEqual([...new Set(imported)].sort(), ['node:os', 'node:path', 'os', 'zod']);
});

test('require: gives user files of the session, ES modules too, and fails as Node does', async () => {
  const folder = programOf({
    'main.cjs': `exports.esm = () => require('./esm.mjs'); exports.tla = () => require('./tla.mjs'); exports.missing = () => { try { require('./none.cjs'); } catch (error) { return error.code; } };
exports.cycle = require('./cycle.cjs').seen; exports.done = true; class K extends Error {} exports.make = () => new K('x');`,
    'cycle.cjs': `const main = require('./main.cjs'); exports.seen = [typeof main.esm, main.done];`,
    'esm.mjs': 'export const value = 1; export default 2;',
    'tla.mjs': 'export const value = await 1;',
  });
  using program = buildProgram(join(folder, 'main.cjs'));
  const { graph } = await openProgram(program.folder, program.id);
  const { entry, modules } = await startSession(graph);
  const exports = entry['default'] as Exports & { cycle: unknown };
  assert.deepEqual({ ...(exports['esm']?.() as object) }, { default: 2, value: 1 });
  assert.throws(() => exports['tla']?.(), { code: 'ERR_REQUIRE_ASYNC_MODULE' });
  assert.equal(exports['missing']?.(), 'MODULE_NOT_FOUND');
  assert.deepEqual(exports.cycle, ['function', undefined]);
  const made = exports['make']?.() as object;
  assert.equal(modules.classNamed('K'), made.constructor);
});

test('SessionModules: a computed import is asked of the owner once, and a resumed runner finds it in the build', async () => {
  using program = buildProgram(fixture('mixed', 'entry.ts'));
  const builder = createBuilder({ disk: createDisk({ sync: false }), cacheFolder: program.folder, extend: durableExtension() });
  const build = builder.open(program.id);
  const asked: string[] = [];
  const { graph } = await openProgram(program.folder, program.id, {
    own,
    late: async (from, specifier, kind) => {
      asked.push(specifier);
      return await Promise.resolve(builder.addLate(build, from, specifier, kind));
    },
  });
  const { entry } = await startSession(graph);
  assert.equal(await (entry as Exports)['late']?.('one'), 'late one function');
  assert.equal(await (entry as Exports)['late']?.('one'), 'late one function');
  assert.deepEqual(asked, ['./late-one.ts']);
  const resumed = await openProgram(program.folder, program.id, { own });
  assert.equal(await ((await startSession(resumed.graph)).entry as Exports)['late']?.('one'), 'late one function');
  await assert.rejects(async () => await (entry as Exports)['late']?.('none'));
});

test('SessionModules: what a file imports wrongly is thrown when that file is instantiated, with its place', async () => {
  using program = buildProgram(fixture('mixed', 'entry.ts'));
  const { graph } = await openProgram(program.folder, program.id, { own });
  const entry = (await startSession(graph)).entry as Exports;
  for (let round = 0; round < 2; round++) {
    await assert.rejects(async () => await entry['broken']?.(), { code: 'BUILD_MODULE_MISSING', message: /no-such-file/ });
    await assert.rejects(async () => await entry['unexported']?.(), {
      code: 'BUILD_EXPORT_MISSING',
      message: /mixed\/unexported\.ts:2:10: 'zod' does not export 'noSuchName'/,
    });
  }
  assert.equal(entry['next']?.(), 1, 'the session goes on');
});

test('SessionModules: classNamed finds classes of the session, exported or not', async () => {
  using program = buildProgram(fixture('mixed', 'entry.ts'));
  const { graph } = await openProgram(program.folder, program.id, { own });
  const [first, second] = [await startSession(graph), await startSession(graph)];
  const hidden = (first.entry as Exports)['raise']?.() as Error;
  assert.equal(first.modules.classNamed('Hidden'), hidden.constructor);
  assert.equal(first.modules.classNamed('Hidden', fixture('mixed', 'entry.ts')), hidden.constructor);
  assert.notEqual(second.modules.classNamed('Hidden'), hidden.constructor);
  assert.equal(first.modules.classNamed('Hidden', fixture('mixed', 'old.cjs')), undefined);
  assert.equal(first.modules.classNamed('Object'), undefined);
});

test('Compiler: two builds of one file run side by side, each with its own text and its own lines', async () => {
  const folder = programOf({ 'main.ts': 'export const where = () => { throw new Error("one"); };\n' });
  const main = join(folder, 'main.ts');
  using before = buildProgram(main);
  writeFileSync(main, '// a line more\n\nexport const where = (): never => { throw new TypeError("two"); };\n');
  using now = buildProgram(main);
  assert.notEqual(before.id, now.id);
  const [old, current] = [await openProgram(before.folder, before.id), await openProgram(now.folder, now.id)];
  const stackOf = async (opened: typeof old): Promise<string | undefined> => {
    try {
      ((await startSession(opened.graph)).entry as Exports)['where']?.();
    } catch (error) {
      return /(?:Error: \w+)[^]*?main\.ts:\d+:\d+/.exec((error as Error).stack ?? '')?.[0].replaceAll(/\s+at .*\//g, ' ');
    }
    return undefined;
  };
  assert.equal(await stackOf(old), 'Error: one main.ts:1:36');
  assert.equal(await stackOf(current), 'Error: two main.ts:3:43');
});

test('transformFile: hashbang, byte order mark, CRLF and emoji keep lines and columns', async () => {
  const folder = programOf({
    'main.ts':
      '\uFEFF#!/usr/bin/env node\r\nimport { EOL } from "node:os";\r\n/* 😀 */ export const at = (f: () => void) => { f(); };\r\nexport const eol = EOL as string;\r\nexport const text = `a\r\nb`;\r\n',
  });
  using program = buildProgram(join(folder, 'main.ts'));
  const { entry } = await startSession((await openProgram(program.folder, program.id)).graph);
  assert.equal(entry['text'], 'a\nb');
  assert.throws(
    () =>
      (entry as Exports)['at']?.(() => {
        throw new Error('here');
      }),
    (error: Error) => error.stack?.includes('main.ts:3:49') === true,
  );
});

test('showOriginalTexts: functions show the lowered text, whole classes and methods too, until it is put back', async () => {
  const folder = programOf({
    'main.ts':
      'export class K<T> { static async s(a: T) { return f(a); } #x = 1; get x(): number { return this.#x; } }\nexport function f(x: unknown): unknown { return [x].map((y) => y); }\nexport const o = { async *m() {}, ["c" + 1]() {} };\nexport default function (): void {}\n',
  });
  using program = buildProgram(join(folder, 'main.ts'));
  const { graph, reader } = await openProgram(program.folder, program.id);
  const {
    K,
    f,
    o,
    default: byDefault,
  } = (await startSession(graph)).entry as {
    K: (() => unknown) & { s: unknown };
    f: unknown;
    o: Record<string, unknown>;
    default: unknown;
  };
  const emitted = String(f);
  assert.match(emitted, /\$d\.c1/);
  const restore = showOriginalTexts((key) => ({ text: reader.shownText(key), shown: reader.facts(key).form.shown }));
  try {
    assert.equal(String(f), 'function f(x) {\n\treturn [x].map((y) => y);\n}');
    assert.match(String(K), /^class K \{\n\tstatic async s\(a\) \{\n\t\treturn f\(a\);/);
    assert.equal(String(K.s), 'async s(a) {\n\t\treturn f(a);\n\t}');
    assert.equal(`${String(o['m'])}`, 'async *m() {}');
    assert.equal(String(o['c1']), '["c" + 1]() {}');
    assert.equal(String(byDefault), 'function() {}');
    assert.equal(String(Function.prototype.toString), 'function toString() { [native code] }');
    assert.equal(String(Math.max), 'function max() { [native code] }');
    assert.throws(() => Reflect.apply(Function.prototype.toString, {}, []), TypeError);
  } finally {
    restore();
  }
  assert.equal(String(f), emitted);
});

test('BuildReader: a store that is cut, edited or emptied gives BUILD_FILE_MISSING with the path', async () => {
  using program = buildProgram(fixture('mixed', 'entry.ts'));
  const { folder, id } = program;
  const open = async (): Promise<unknown> => await openProgram(folder, id, { own });
  const missing = (pattern: RegExp): object => ({ code: 'BUILD_FILE_MISSING', message: pattern });
  const files = join(folder, 'files');
  const manifest = JSON.parse(readFileSync(join(folder, `${id}.json`), 'utf8')) as { files: Record<string, string> };
  const key = manifest.files[fixture('mixed', 'entry.ts')] ?? '';
  const table = join(files, key, 'table.json');
  const text = readFileSync(table, 'utf8');
  for (const bad of [
    '',
    '{',
    '[]',
    text.slice(0, -5),
    text.replace('"sites":[', '"sites":[1,'),
    text.replace('"shown":[[', '"shown":[["x"],['),
  ]) {
    writeFileSync(table, bad);
    await assert.rejects(open, missing(/table\.json of the recorded build cannot be read/), bad.slice(0, 30));
  }
  writeFileSync(table, text);
  rmSync(join(files, key, 'module.js'));
  await assert.rejects(open, missing(/module\.js/));
  await assert.rejects(async () => await openProgram(folder, 'nosuchbuild'), missing(/nosuchbuild\.json/));
  writeFileSync(join(folder, `${id}.json`), readFileSync(join(folder, `${id}.json`), 'utf8').replace(`"${key}"`, '"../../outside"'));
  await assert.rejects(open, missing(/not a key/));
});

test('loadGraph: a runner loads no parser, no resolver and no lowering', () => {
  using program = buildProgram(fixture('fidelity', 'entry.ts'));
  const main = fileURLToPath(new URL('./support/loaded-main.ts', import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, program.folder, program.id], {
    encoding: 'utf8',
    timeout: 100_000,
  });
  assert.equal(status, 0, stderr);
  const loaded = stdout.trim().split('\n');
  assert.ok(
    loaded.some((url) => url.endsWith('/instances/module-graph.ts')),
    'the list is real',
  );
  assert.deepEqual(
    loaded.filter((url) => /acorn|oxc|lexer|\/src\/modules\/|\/durable\/transform\//.test(url)),
    [],
  );
});
