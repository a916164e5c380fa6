import assert from 'node:assert/strict';
import { pathToFileURL } from 'node:url';
import { test } from 'node:test';
import { memoryBuilder, project } from './support/project.ts';

type Access = (n: number) => unknown;
const accessors = new Map<string, Access>();
Object.assign(globalThis, { [Symbol.for('resprout.far')]: (where: string, access: Access) => void accessors.set(where, access) });

/** Writes the far texts of a program beside it and loads its entry as the far side would, without hooks. */
async function load(
  files: Readonly<Record<string, string>>,
  entry = 'main.ts',
): Promise<{ access: (name: string, n: number) => unknown; text: string; namespace: Record<string, unknown> }> {
  const program = project(files);
  const far = project({ 'package.json': '{ "type": "module" }' });
  const builder = memoryBuilder();
  const build = builder.build(program.path(entry));
  const nameOf = (path: string): string =>
    path
      .replace(`${program.folder}/`, '')
      .replace(/\.(?:ts|tsx)$/, '.mjs')
      .replace(/\.cts$/, '.cjs');
  const batch = builder.closure(build, program.path(entry), new Set());
  let text = '';
  for (const file of batch.files) {
    if (!build.has(file.path)) continue;
    const mended = file.text.replaceAll(/(from\s*|import\s*\(?\s*)(["'])(\.[^"']*)\.tsx?\2/g, '$1$2$3.mjs$2');
    far.write(nameOf(file.path), mended);
    if (file.path === program.path(entry)) text = mended;
  }
  const url = pathToFileURL(far.path(nameOf(program.path(entry)))).href;
  const namespace = (await import(url)) as Record<string, unknown>;
  const access = (name: string, n: number): unknown => accessors.get(pathToFileURL(far.path(nameOf(program.path(name)))).href)?.(n);
  return { access, text, namespace };
}

/** What the far side does with an accessor's answer. */
function call(answer: unknown, ...args: readonly unknown[]): unknown {
  if (typeof answer === 'function') return Reflect.apply(answer, undefined, args);
  const [holder, keys] = answer as [Record<string, unknown>, string[]];
  const fn = keys.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], holder);
  return Reflect.apply(fn as (...rest: unknown[]) => unknown, holder, args);
}

test('the far text hands out every reachable function, with the holder as this, and adds no export', async () => {
  const { access, namespace } = await load({
    'main.ts': `function hidden() { return 'hidden'; }\nexport class K { static base = 40; static sm(a: number) { return a + this.base; } }\nexport const ops = { arrow: () => 'oa' };\nhidden();\n`,
  });
  assert.equal(call(access('main.ts', 0)), 'hidden');
  assert.equal(call(access('main.ts', 2), 2), 42);
  assert.equal(call(access('main.ts', 3)), 'oa');
  assert.equal(access('main.ts', 99), undefined);
  assert.deepEqual(Object.keys(namespace).toSorted(), ['K', 'ops']);
});

for (const [what, text, expected] of [
  ['function', `export default function () { return 'f'; }`, 'f'],
  ['async arrow', `export default (async () => 'a');`, 'a'],
  ['arrow without semicolon', `export default () => 'b'\nexport const more = 1`, 'b'],
  ['object', `export default { m() { return 'o'; } };`, 'o'],
  ['class', `export default class { static s() { return 'c'; } }`, 'c'],
  ['marker', `import { activity } from './marker.ts'; export default activity(() => 'm');`, undefined],
] as const) {
  test(`the far text reaches an anonymous default export: ${what}`, async () => {
    const { access, namespace } = await load({ 'main.ts': text, 'marker.ts': 'export const activity = (f: unknown) => f;' });
    if (expected === undefined) return assert.equal(access('main.ts', 0), undefined);
    const found = access('main.ts', 0) ?? access('main.ts', 1);
    assert.equal(await call(found), expected);
    const value = namespace['default'];
    if (typeof value === 'function') assert.equal(value.name, 'default');
    return undefined;
  });
}

test('the far text of a default export is hoisted as the original is: cycles see it early', async () => {
  const { namespace } = await load({
    'main.ts': `import { early } from './other.ts';\nexport default function () { return 'hoisted'; }\nexport const seen = early;\n`,
    'other.ts': `import hoisted from './main.ts';\nexport const early = hoisted();\n`,
  });
  assert.equal(namespace['seen'], 'hoisted');
});

test('the far text keeps stacks on the lines and columns of the TypeScript file', async () => {
  process.setSourceMapsEnabled(true);
  const source =
    `interface Long {\n  a: string;\n}\nfunction fail(text: string): never { throw new Error(text); }\n` +
    `export default (x: Long) => [x, fail(x.a)];\nexport const two = (x: Long) => [x, fail(x.a)];\n`;
  const { namespace } = await load({ 'main.ts': source });
  for (const [name, line] of [
    ['default', 5],
    ['two', 6],
  ] as const) {
    try {
      (namespace[name] as (x: object) => never)({ a: 'x' });
      assert.fail('nothing was thrown');
    } catch (error) {
      const places = [...((error as Error).stack ?? '').matchAll(/main\.ts:(\d+:\d+)/g)].map(([, place]) => place);
      const column = (source.split('\n')[line - 1] ?? '').indexOf('fail(') + 1;
      assert.equal(places[1], `${line}:${column}`);
    }
  }
});

test('the far text gives a require to an ES module that TypeScript lowered to one', async () => {
  const { access } = await load({
    'main.ts': `import os = require('node:os');\nexport const kind = (): string => typeof os.hostname();\n`,
  });
  assert.equal(call(access('main.ts', 0)), 'string');
});

test('names of the program never meet names of ours', async () => {
  const { access } = await load({ 'main.ts': `const $rsd = 1, $rsr = 2, $rsd1 = 3;\nexport default () => $rsd + $rsr + $rsd1;\n` });
  assert.equal(call(access('main.ts', 0)), 6);
});

test('a closure has every file once, with where each import leads, and the names of CommonJS files', () => {
  const program = project({
    'main.ts': `import { lookup } from 'tabled';\nimport './lib.ts';\nexport default lookup;\n`,
    'lib.ts': `import './main.ts';\nimport fs from 'node:fs';\nimport 'resprout/durable';\nexport const l = () => fs;\n`,
  });
  const builder = memoryBuilder();
  const build = builder.build(program.path('main.ts'));
  const batch = builder.closure(build, program.path('lib.ts'), new Set());
  const short = (path: string): string => path.replace(program.folder, 'F');
  assert.deepEqual(batch.files.map(({ path }) => short(path)).toSorted(), [
    'F/lib.ts',
    'F/main.ts',
    'F/node_modules/tabled/lib/index.js',
    'F/node_modules/tabled/lib/table.json',
    'F/node_modules/tabled/package.json',
  ]);
  const tabled = batch.files.find(({ path }) => path.endsWith('tabled/lib/index.js'));
  assert.deepEqual([tabled?.format, tabled?.exportNames], ['commonjs', ['lookup', 'deep', 'lazy']]);
  assert.deepEqual(batch.resolution[program.path('lib.ts')], {
    'i:./main.ts': program.path('main.ts'),
    'i:node:fs': 'node:fs',
    'i:resprout/durable': 'own:resprout/durable',
  });
  assert.equal(builder.closureOf(build, program.path('lib.ts')).reachesEntry, true);
  const rest = builder.closure(build, program.path('lib.ts'), new Set([program.path('main.ts'), program.path('lib.ts')]));
  assert.deepEqual(Object.keys(rest.resolution).length, 3);
});

test('a closure says which modules are missing for sure and which may be optional', () => {
  const program = project({
    'main.ts': `import './sure.ts';\nimport 'optional';\nexport {};\n`,
    'sure.ts': `import 'gone';\nexport const lazy = () => import('gone-too');\n`,
    'node_modules/optional/package.json': '{ "name": "optional", "version": "1.0.0", "main": "index.js" }',
    'node_modules/optional/index.js': `try { require('not-there'); } catch {}\n`,
  });
  const builder = memoryBuilder();
  const { missing } = builder.closureOf(builder.build(program.path('main.ts')), program.path('main.ts'));
  assert.deepEqual(Object.fromEntries(missing.map(({ specifier, certain }) => [specifier, certain])), {
    gone: true,
    'gone-too': false,
    'not-there': false,
  });
});
