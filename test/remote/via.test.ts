// Contexts through contexts: an intermediary holds the process, the calls go straight.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModuleServer } from '../../src/base/builds/build.ts';
import { codeOf } from '../../src/base/errors/errors.ts';
import { rig, testServer, type TestRig } from './support.ts';
import type { ContextFacts } from '../../src/remote/hosts/host.ts';
import { isAlive } from '../support/processes.ts';
import { until } from '../support/until.ts';

const OPS = `
import { hostname } from 'node:os';
function add(a, b) { console.log('adding', a, b); process.stdout.write('raw ' + a + '\\n'); return a + b; }
function who() { return [process.pid, process.ppid]; }
function never() { return new Promise(() => {}); }
function exit(code) { process.exit(code); }
async function* count(n) { for (let i = 0; i < n; i++) yield i; }
function echo(value) { return value; }
async function late() { return (await import('./late.js')).value; }
function spin() { for (;;); }
console.log('loaded');
`;
const NAMES = ['add', 'who', 'never', 'exit', 'count', 'echo', 'late', 'spin'];
const server = testServer({ b1: { '/p/ops.js': { text: OPS, functions: NAMES, resolution: { 'i:node:os': 'node:os' } } } }, (specifier) =>
  specifier === './late.js'
    ? {
        build: 'b1',
        target: '/p/late.js',
        files: [{ path: '/p/late.js', format: 'module', text: 'export const value = 42;' }],
        resolution: { '/p/ops.js': { 'i:./late.js': '/p/late.js' } },
      }
    : undefined,
);
const n = (name: string): number => NAMES.indexOf(name);

function below(r: TestRig, via: ContextFacts, name: string): Promise<ContextFacts> {
  return r.host.open({ recipe: { method: 'local', name }, via: via.id as never, generation: 1 }, new AbortController().signal);
}

test('via: calls, streams, late modules, output and large values pass through three levels', async () => {
  await using r = rig(server);
  const one = await r.open({ name: 'one' });
  const two = await below(r, one, 'two');
  const three = await below(r, two, 'three');
  assert.equal(await r.call(three, n('add'), [1, 2]), 3);
  assert.deepEqual(await r.call(two, n('who')), [two.pid, one.pid]);
  assert.deepEqual(await r.call(three, n('who')), [three.pid, two.pid]);
  assert.equal(await r.call(three, n('late')), 42);
  let sum = 0;
  for await (const i of (await r.call(three, n('count'), [100])) as AsyncIterable<number>) sum += i;
  assert.equal(sum, 4950);
  const big = new Uint8Array(5_000_000).fill(7);
  assert.equal(Buffer.compare((await r.call(three, n('echo'), [big])) as Uint8Array, big), 0);
  await until(
    'the lines of the third',
    () => r.lines.filter(({ context, text }) => context === 'three' && /^(loaded|adding 1 2|raw 1)$/.test(text)).length === 3,
  );
});

test('via: modules come in front of the call that needs them, once for each context, and nothing is asked for but late ones', async () => {
  const asked: string[] = [];
  const counted: ModuleServer = {
    serve: (request, have, signal) => {
      asked.push(request.kind);
      return server.serve(request, have, signal);
    },
  };
  await using r = rig(counted);
  const one = await r.open({ name: 'one' });
  const three = await below(r, await below(r, one, 'two'), 'three');
  for (const facts of [one, three, one, three]) assert.equal(await r.call(facts, n('add'), [1, 2]), 3);
  assert.deepEqual(asked, ['root', 'root']);
  for (let again = 0; again < 2; again++) assert.equal(await r.call(three, n('late')), 42);
  assert.deepEqual(asked, ['root', 'root', 'late']);
});

test('via: ten processes, each opened from the one before', async () => {
  await using r = rig(server);
  const chain = [await r.open({ name: 'level-1' })];
  for (let level = 2; level <= 10; level++) chain.push(await below(r, chain.at(-1) as ContextFacts, `level-${level}`));
  assert.deepEqual(
    chain.map(({ id }) => id),
    Array.from({ length: 10 }, (_, above) => above + 1),
  );
  assert.equal(await r.call(chain.at(-1) as ContextFacts, n('add'), [1, 2]), 3);
  assert.deepEqual(
    await Promise.all(chain.slice(1).map((facts) => r.call(facts, n('who')))),
    chain.slice(1).map(({ pid }, above) => [pid, chain[above]?.pid]),
  );
});

test('via: opening through one intermediary goes on at once for several, and a busy one is no hindrance', async () => {
  await using r = rig(server);
  const one = await r.open({ name: 'one' });
  const spinning = assert.rejects(r.call(one, n('spin')), (error) => codeOf(error) === 'REMOTE_CLOSED');
  const opened = await Promise.all(['a', 'b', 'c'].map((name) => below(r, one, name)));
  assert.equal(new Set(opened.map(({ pid }) => pid)).size, 3);
  assert.deepEqual(await Promise.all(opened.map((facts, i) => r.call(facts, n('add'), [i, i]))), [0, 2, 4]);
  await r.host.close(one.id as never, 5000);
  await spinning;
});

test('via: waiters are told when the far end dies, and when what is between dies; nothing is left', async () => {
  await using r = rig(server);
  const one = await r.open({ name: 'one' });
  const two = await below(r, one, 'two');
  const three = await below(r, two, 'three');
  const other = await below(r, one, 'other');
  const first = assert.rejects(r.call(three, n('never')), (error) => codeOf(error) === 'REMOTE_LOST' && /SIGKILL/.test(String(error)));
  process.kill(three.pid, 'SIGKILL');
  await first;
  assert.equal(await r.call(two, n('add'), [1, 2]), 3);
  await assert.rejects(r.call(other, n('exit'), [5]), (error) => codeOf(error) === 'REMOTE_EXITED' && /code 5/.test(String(error)));
  const again = await below(r, two, 'again');
  const waiting = [two, again].map((facts) => assert.rejects(r.call(facts, n('never')), (error) => codeOf(error) === 'REMOTE_LOST'));
  process.kill(one.pid, 'SIGKILL');
  await Promise.all(waiting);
  await until('the end of all', () => ![one, two, three, other, again].some(({ pid }) => isAlive(pid)));
});

test('via: close ends the far end and all below it, hung or not; an error of the connect comes back as it is', async () => {
  await using r = rig(server);
  const one = await r.open({ name: 'one' });
  const two = await below(r, one, 'two');
  const three = await below(r, two, 'three');
  const spinning = assert.rejects(r.call(two, n('spin')), (error) => codeOf(error) === 'REMOTE_CLOSED');
  await r.host.close(two.id as never, 5000);
  await spinning;
  await until('the end of both', () => ![two, three].some(({ pid }) => isAlive(pid)));
  assert.equal(await r.call(one, n('add'), [1, 2]), 3);
  const failed = r.host.open(
    { recipe: { method: 'local', name: 'bad', node: '/nowhere/node' }, via: one.id as never, generation: 1 },
    new AbortController().signal,
  );
  await assert.rejects(failed, (error) => codeOf(error)?.startsWith('REMOTE_') === true && /nowhere/.test(String(error)));
  assert.equal(await r.call(one, n('add'), [1, 2]), 3);
});
