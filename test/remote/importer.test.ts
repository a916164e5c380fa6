// What far modules can do: everything comes from memory, on each Node that a far side may have.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isResproutError } from '../../src/base/errors/errors.ts';
import { missingNodes, testNode, type TestNodeVersion } from '../support/nodes.ts';
import { rig, testServer, type TestFile } from './support.ts';

/** The code of an error that says of itself that it came from the far side. */
const farCode = (error: unknown): string | undefined => (isResproutError(error) && error.far === 'far' ? error.code : undefined);

const MAIN = `
import cjs, { named, missing } from './dep.cjs';
import data from './data.json' with { type: 'json' };
import { createRequire } from 'node:module';
import { fnRef, isResproutError, local, Secret } from 'resprout';
import { activity, sleep } from 'resprout/durable';
export const wrapped = activity(function inner() { return 'inner'; });
function all() {
  const require = createRequire(import.meta.url);
  return { main: import.meta.main ?? false, cjs: cjs.rel, named, missing, data, required: require('./dep.cjs') === cjs, resolved: require.resolve('./dep.cjs') === cjs.file, place: cjs.file.endsWith('/p/dep.cjs') };
}
async function late(specifier) { return (await import(specifier)).value; }
function lateSync(specifier) { return import.meta.resolve ? createRequire(import.meta.url)(specifier).value : 0; }
function notHere() { return local(); }
async function face() { await sleep(1); return [typeof fnRef, new Secret('x').reveal(), isResproutError(new Error('x')), wrapped()]; }
function stack() { return new Error('here').stack; }
`;
const NAMES = ['all', 'late', 'lateSync', 'notHere', 'face', 'stack'];
const FILES: Record<string, TestFile> = {
  '/p/main.js': {
    text: MAIN,
    functions: NAMES,
    resolution: {
      'i:./dep.cjs': '/p/dep.cjs',
      'r:./dep.cjs': '/p/dep.cjs',
      'i:./data.json': '/p/data.json',
      'i:node:module': 'node:module',
      'i:resprout': 'own:resprout',
      'i:resprout/durable': 'own:resprout/durable',
    },
  },
  '/p/dep.cjs': {
    text: "exports.rel = require('./rel'); exports.named = 'named'; exports.file = __filename;",
    format: 'commonjs',
    exportNames: ['rel', 'named', 'file', 'missing'],
    resolution: { 'r:./rel': '/p/rel.js' },
  },
  '/p/rel.js': {
    text: "module.exports = 'rel ' + require('os').EOL.length;",
    format: 'commonjs',
    exportNames: [],
    resolution: { 'r:os': 'node:os' },
  },
  '/p/data.json': { text: '{"hello":"json"}', format: 'json' },
};
const server = testServer(
  { b1: FILES, b2: { '/p/main.js': { text: "function which() { return 'second build'; }", functions: ['which'] } } },
  (specifier) =>
    specifier === './late.js'
      ? {
          build: 'b1',
          target: '/p/late.js',
          files: [{ path: '/p/late.js', format: 'module', text: 'export const value = 42;' }],
          resolution: { '/p/main.js': { 'i:./late.js': '/p/late.js' } },
        }
      : undefined,
);
const n = (name: string): number => NAMES.indexOf(name);

const VERSIONS: readonly (TestNodeVersion | 'this Node')[] = ['this Node', '22.18.0', '24.18.1'];
for (const version of VERSIONS) {
  const skip = version === 'this Node' ? false : missingNodes(version);
  test(`importer: modules, faces, late modules and two builds on ${version}`, { skip }, async () => {
    const path = version === 'this Node' ? process.execPath : testNode(version);
    await using r = rig(server);
    const far = await r.open({ node: path });
    const call = (fn: string, ...args: unknown[]): Promise<unknown> => r.call(far, n(fn), args, { file: '/p/main.js' });
    assert.deepEqual(await call('all'), {
      main: false,
      cjs: 'rel 1',
      named: 'named',
      missing: undefined,
      data: { hello: 'json' },
      required: true,
      resolved: true,
      place: true,
    });
    assert.deepEqual(await call('face'), ['function', 'x', false, 'inner']);
    assert.equal(await call('late', './late.js'), 42);
    const denied = await call('late', '/etc/passwd').then(
      () => assert.fail('it went through'),
      (error: unknown) => error,
    );
    assert.equal(farCode(denied), 'REMOTE_MODULE_DENIED');
    assert.equal(
      farCode(
        await call('lateSync', '../out.js').then(
          () => assert.fail('it went through'),
          (error: unknown) => error,
        ),
      ),
      'REMOTE_MODULE_DENIED',
    );
    const notHere = await call('notHere').then(
      () => assert.fail('it went through'),
      (error: unknown) => error,
    );
    assert.equal(farCode(notHere), 'REMOTE_NOT_HERE');
    assert.equal(await r.call(far, 0, [], { build: 'b2', file: '/p/main.js' }), 'second build');
    assert.equal((await call('late', './late.js')) === 42, true);
    const stack = String(await call('stack'));
    assert.match(stack, /main\.js/);
  });
}

test('importer: functions of builtins and exports of files are found by their own names only', async () => {
  await using r = rig(server);
  const far = await r.open();
  const ask = (address: object): Promise<unknown> =>
    r.side.call({ id: far.id as never, name: 'far', identified: { address: address as never, label: 'x' }, args: [], stack: () => '' });
  assert.equal(typeof (await ask({ kind: 'builtin', module: 'node:os', path: ['hostname'] })), 'string');
  for (const path of [['constructor'], ['hostname', 'call'], ['__proto__', 'toString'], ['then'], []])
    await assert.rejects(ask({ kind: 'builtin', module: 'node:os', path }), (error) => farCode(error) === 'REMOTE_FUNCTION_MISSING');
  assert.equal(await ask({ kind: 'export', build: 'b1', file: '/p/main.js', path: ['wrapped'] }), 'inner');
  await assert.rejects(
    ask({ kind: 'export', build: 'b1', file: '/p/main.js', path: ['all'] }),
    (error) => farCode(error) === 'REMOTE_FUNCTION_MISSING',
  );
  await assert.rejects(
    ask({ kind: 'function', build: 'b1', file: '/p/main.js', n: 999 }),
    (error) => farCode(error) === 'REMOTE_FUNCTION_MISSING',
  );
});
