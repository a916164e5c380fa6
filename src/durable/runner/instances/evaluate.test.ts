import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluate } from './evaluate.ts';
import { createInstance, type ModuleInstance } from './module-instance.ts';
import type { UserModule } from './module-types.ts';

/** A graph of modules that say when they run: name to its imports and what its body does. */
function graphOf(
  shape: Readonly<Record<string, readonly string[]>>,
  bodies: Readonly<Record<string, () => Promise<void> | undefined>> = {},
) {
  const ran: string[] = [];
  const instances = new Map<string, ModuleInstance>();
  for (const name of Object.keys(shape)) {
    const run = (): Promise<void> | undefined => {
      ran.push(name);
      return bodies[name]?.();
    };
    instances.set(name, createInstance({ file: name } as UserModule, {}, { link: () => undefined, run }));
  }
  const get = (name: string): ModuleInstance => instances.get(name) ?? assert.fail(name);
  const dependencies = ({ module }: ModuleInstance): readonly ModuleInstance[] => (shape[module.file] ?? []).map(get);
  return { ran, get, evaluate: (name: string) => evaluate(get(name), { dependencies }) };
}

test('evaluate: runs each module once, dependencies first, and stays synchronous without awaits', () => {
  const { ran, evaluate: run } = graphOf({ a: ['b', 'c'], b: ['d'], c: ['d'], d: [] });
  assert.equal(run('a'), undefined);
  assert.equal(run('a'), undefined);
  assert.deepEqual(ran, ['d', 'b', 'c', 'a']);
});

test('evaluate: a cycle runs once, and who imports a member waits for its root', async () => {
  let open = (): void => undefined;
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const { ran, evaluate: run } = graphOf(
    { main: ['root', 'user'], root: ['member'], member: ['root'], user: ['member'] },
    { root: () => gate },
  );
  const done = run('main');
  assert.ok(done instanceof Promise);
  assert.deepEqual(ran, ['member', 'root']);
  open();
  await done;
  assert.deepEqual(ran, ['member', 'root', 'user', 'main']);
});

test('evaluate: siblings that await overlap', async () => {
  const { ran, evaluate: run } = graphOf(
    { main: ['x', 'y'], x: [], y: [] },
    { x: async () => await Promise.resolve(), y: async () => await Promise.resolve() },
  );
  const done = run('main');
  assert.deepEqual(ran, ['x', 'y']);
  await done;
  assert.deepEqual(ran, ['x', 'y', 'main']);
});

test('evaluate: an error ends what had begun, is the same again, and leaves finished modules usable', async () => {
  const failure = new Error('thrown');
  const throws = (): undefined => {
    throw failure;
  };
  const {
    ran,
    evaluate: run,
    get,
  } = graphOf({ main: ['fine', 'bad', 'never'], fine: [], bad: [], never: [], other: ['fine', 'main'] }, { bad: throws });
  assert.throws(() => run('main'), failure);
  assert.throws(() => run('main'), failure);
  assert.throws(() => run('other'), failure);
  assert.deepEqual(ran, ['fine', 'bad']);
  assert.deepEqual(
    [get('fine').state, get('bad').state, get('main').state, get('never').state],
    ['evaluated', 'failed', 'failed', 'linked'],
  );
  const later = graphOf({ main: ['slow'], slow: [] }, { slow: async () => await Promise.reject(failure) });
  await assert.rejects(async () => await later.evaluate('main'), failure);
  assert.throws(() => later.evaluate('main'), failure);
  assert.deepEqual(later.ran, ['slow']);
});
