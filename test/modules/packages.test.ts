import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeOf } from '../../src/base/errors/errors.ts';
import { fileUses } from '../../src/modules/packages/file-uses.ts';
import { lex } from '../../src/modules/packages/lex.ts';
import { rowOf, TABLE } from '../../src/modules/packages/table.ts';
import type { PackageReport } from '../../src/modules/index.ts';
import { memoryBuilder, project } from './support/project.ts';

const packageFiles = (name: string, text: string, more: Readonly<Record<string, string>> = {}): Record<string, string> => ({
  [`node_modules/${name}/package.json`]: JSON.stringify({ name, version: '1.0.0', main: 'index.js' }),
  [`node_modules/${name}/index.js`]: text,
  ...Object.fromEntries(Object.entries(more).map(([file, content]) => [`node_modules/${name}/${file}`, content])),
});

/** How each imported package of a program is treated. */
function reportsOf(files: Readonly<Record<string, string>>, scanFolder?: string): Record<string, PackageReport> {
  const program = project(files);
  const builder = memoryBuilder({ classifyPackages: true, scanFolder });
  const build = builder.build(program.path('main.ts'));
  return Object.fromEntries(builder.packagesOf(build).map((report) => [report.name, report]));
}

test('fileUses() tells members of builtins, however they are imported', () => {
  const used = (text: string): Readonly<Record<string, readonly string[]>> => fileUses(text).builtins;
  assert.deepEqual(used(`const net = require('net'); net.isIP('x');`), { net: ['isIP'] });
  assert.deepEqual(used(`const { connect, isIP: ip } = require('node:net');`), { net: ['isIP', 'connect'] });
  assert.deepEqual(used(`import http2, { constants as c } from 'node:http2'; http2.connect(u);`), { http2: ['constants', 'connect'] });
  assert.deepEqual(used(`import * as h from 'http2'; use(h);`), { http2: ['*'] });
  assert.deepEqual(used(`const h = interop(require('http2')); h.default.connect();`), { http2: ['connect'] });
  assert.deepEqual(used(`require('http2').connect(u)`), { http2: ['connect'] });
  assert.deepEqual(used(`function f() { return process.getBuiltinModule('cluster'); }`), { cluster: ['*'] });
});

test('fileUses() is not led astray by comments, templates, regular expressions and types', () => {
  const text = `
    // require('http2')
    /* import 'http2' */
    const a = \`require('http2') \${b({ c: "require('x')" })} import 'http2'\`;
    const r = /require\\('http2'\\)/.test(x) / 2;
    const s = "require('http2')";
    fetch.require('http2');`;
  assert.deepEqual(fileUses(text), { dependencies: [], builtins: {}, isComputed: false, hasDlopen: false });
  assert.deepEqual(lex('a / b / c').texts, ['a', 'b', 'c']);
  assert.equal(fileUses(`require(name)`).isComputed, true);
  assert.deepEqual(fileUses(`import x from './x.js'; require('./x.js'); import('y')`).dependencies, [
    { specifier: './x.js', kind: 'i' },
    { specifier: './x.js', kind: 'r' },
    { specifier: 'y', kind: 'i' },
  ]);
});

test('packages with sockets, servers, processes and files run inline; add-ons and HTTP/2 are a boundary, and the reason is told', () => {
  const found = reportsOf({
    'main.ts': `import 'sockets'; import 'grpc'; import 'addon'; import 'user-of-addon'; import 'lazy'; import 'pure';`,
    ...packageFiles(
      'sockets',
      `const net = require('net'); net.connect(1); require('child_process').spawn('x'); require('http').createServer();`,
    ),
    ...packageFiles('grpc', `require('./lib/a.js')`, { 'lib/a.js': `const { fork } = require('cluster');` }),
    ...packageFiles('addon', `require('./load')(__dirname)`, { 'binding.gyp': '{}' }),
    ...packageFiles('user-of-addon', `exports.f = () => require('addon');`),
    ...packageFiles('lazy', `exports.f = () => { const h = require('cluster'); return h.fork(); };`),
    ...packageFiles('pure', `require('net').isIP('x'); const h2 = require('http2'); h2.connect(h2.constants.X);`),
  });
  const shown = Object.fromEntries(Object.entries(found).map(([name, { treat, why }]) => [name, `${treat}: ${why}`]));
  const isFine = 'inline: everything it can do outside of JavaScript is recorded there';
  assert.deepEqual(shown, {
    addon: 'boundary: addon uses a built add-on (binding.gyp)',
    grpc: 'boundary: grpc uses node:cluster.fork',
    lazy: 'boundary: lazy uses node:cluster.fork',
    pure: isFine,
    sockets: isFine,
    'user-of-addon': 'boundary: addon uses a built add-on (binding.gyp)',
  });
});

test('owners for whom a way out is an option do not decide; a row of the table goes over the scan, a setting over the row', () => {
  const files = {
    'main.ts': `import 'axios'; import 'sharp'; import 'loose'; import '@prisma/client';`,
    ...packageFiles('axios', `require('cluster').fork()`),
    ...packageFiles('sharp', `module.exports = 1`),
    ...packageFiles('loose', `module.exports = 1`),
    ...packageFiles('@prisma/client', `require(process.env.X)`),
  };
  const shown = (given: Record<string, string>): string[] =>
    Object.values(reportsOf(given)).map(({ name, treat, by }) => `${name} ${treat} ${by}`);
  assert.deepEqual(shown(files), ['@prisma/client boundary table', 'axios inline scan', 'loose inline scan', 'sharp boundary table']);
  const settings = JSON.stringify({ packages: { axios: 'boundary', sharp: 'inline' } });
  assert.deepEqual(shown({ ...files, 'resprout.config.json': settings }), [
    '@prisma/client boundary table',
    'axios boundary setting',
    'loose inline scan',
    'sharp inline setting',
  ]);
  assert.deepEqual(
    reportsOf(files)['axios']?.tolerated.map(({ what }) => what),
    ['node:cluster.fork'],
  );
  assert.deepEqual(reportsOf(files)['@prisma/client']?.computed, ['@prisma/client']);
});

/** What was seen of real packages: those that load an engine or an add-on of the machine by a path that a scan cannot follow. */
const LOAD_THE_MACHINE =
  '@prisma/client @node-rs @napi-rs canvas sharp libsql @libsql/client node-pty oracledb duckdb @duckdb/node-api usb serialport keytar ' +
  'isolated-vm @tensorflow/tfjs-node onnxruntime-node';
/** Those for which such a way out is one of several. */
const HAVE_A_CHOICE = 'knex drizzle-orm kysely sequelize typeorm firebase-admin googleapis @google-cloud/storage';

test('each row of the table treats its package as was seen to be right, and packages of a scope are treated as the scope', () => {
  const rows = [LOAD_THE_MACHINE, HAVE_A_CHOICE].flatMap((names, at) =>
    names.split(' ').map((name) => `${name} ${at === 0 ? 'boundary' : 'inline'}`),
  );
  assert.deepEqual(
    Object.entries(TABLE)
      .map(([name, { treat }]) => `${name} ${treat}`)
      .toSorted(),
    rows.toSorted(),
  );
  assert.deepEqual([rowOf('@napi-rs/canvas')?.treat, rowOf('@prisma/other'), rowOf('toString')], ['boundary', undefined, undefined]);
});

test('settings with an unknown key or another word are refused with the key', () => {
  const files = { 'main.ts': `import 'a';`, ...packageFiles('a', '') };
  const refusal = (settings: string): string => {
    try {
      reportsOf({ ...files, 'resprout.config.json': settings });
      return 'nothing was thrown';
    } catch (error) {
      return `${codeOf(error)} ${String(error).replace(/^.*config\.json: /, '')}`;
    }
  };
  assert.match(refusal('{ "pakages": {} }'), /^CONFIG_INVALID there is no setting "pakages"$/);
  assert.match(refusal('{ "packages": { "a": "maybe" } }'), /^CONFIG_INVALID packages\.a is "maybe"$/);
  assert.match(refusal('{ "packages": [] }'), /^CONFIG_INVALID packages is not an object$/);
  assert.match(refusal('{'), /^CONFIG_INVALID it is not valid JSON/);
  for (const [wrong, saw] of [
    ['"secrets": "API_KEY"', 'secrets is not a list'],
    ['"secrets": ["A B"]', 'secrets has "A B"'],
    ['"secrets": [1]', 'secrets has 1'],
    ['"seal": true', 'seal is not an object'],
    ['"seal": {}', 'seal.key is not an object'],
    ['"seal": { "key": "the key itself" }', 'seal.key is not an object'],
    ['"seal": { "key": {} }', 'seal.key does not name one source'],
    ['"seal": { "key": { "file": "a", "command": ["b"] } }', 'seal.key does not name one source'],
    ['"seal": { "key": { "env": "KEY" } }', 'seal.key.env cannot be understood'],
    ['"seal": { "key": { "file": "" } }', 'seal.key.file cannot be understood'],
    ['"seal": { "key": { "credential": "../key" } }', 'seal.key.credential cannot be understood'],
    ['"seal": { "key": { "command": "pass show key" } }', 'seal.key.command cannot be understood'],
    ['"seal": { "key": { "file": "a" }, "older": [] }', 'there is no setting "seal.older"'],
  ] as const)
    assert.equal(refusal(`{ ${wrong} }`), `CONFIG_INVALID ${saw}`);
  assert.equal(
    refusal('{ "$schema": "x", "packages": {}, "secrets": ["API_KEY", "*_TOKEN"], "seal": { "key": { "command": ["pass", "show"] } } }'),
    'nothing was thrown',
  );
});

test('the classes are part of the build: another setting is another build, and a build keeps its own', () => {
  const program = project({
    'main.ts': `import 'a'; export const late = (x: string) => import(x);`,
    ...packageFiles('a', ''),
    ...packageFiles('b', `require('cluster').fork()`),
  });
  const builder = memoryBuilder({ classifyPackages: true, cacheFolder: program.path('.builds') });
  const first = builder.build(program.path('main.ts'));
  assert.equal(first.manifest.packages['a']?.treat, 'inline');
  program.write('resprout.config.json', '{ "packages": { "a": "boundary" } }');
  const second = builder.build(program.path('main.ts'));
  assert.notEqual(second.id, first.id);
  assert.equal(second.manifest.packages['a']?.treat, 'boundary');
  const again = memoryBuilder({ classifyPackages: true, cacheFolder: program.path('.builds') });
  assert.equal(again.open(first.id).manifest.packages['a']?.treat, 'inline');
  const late = builder.addLate(first, program.path('main.ts'), 'b', 'i');
  assert.deepEqual(late.packages, { b: { treat: 'boundary', by: 'scan', why: 'b uses node:cluster.fork' } });
});

test('a scan from the cache of an earlier one gives the same, and sees a file that was changed', () => {
  const program = project({ 'main.ts': `import 'a';`, ...packageFiles('a', `require('./b.js')`, { 'b.js': '1' }) });
  const scanFolder = program.path('.scan');
  const treat = (): string | undefined => {
    const builder = memoryBuilder({ classifyPackages: true, scanFolder });
    return builder.build(program.path('main.ts')).manifest.packages['a']?.treat;
  };
  assert.deepEqual([treat(), treat()], ['inline', 'inline']);
  program.write('node_modules/a/b.js', `require('cluster').fork()`);
  assert.equal(treat(), 'boundary');
});
