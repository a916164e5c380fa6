import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PrimeContext } from '../context.ts';
import { defineState, Graph, type AnyState } from './graph.ts';
import { PrimeError } from '../problem.ts';

const look = (): { fresh: boolean; why: string } => ({ fresh: false, why: '' });
// These states do not use the context.
const none = {} as PrimeContext;

const plain = (name: string, parents: readonly string[], ran: string[] = []): AnyState => ({
  name,
  does: '',
  parents: parents.map((one) => ({ name: one })),
  look,
  reach: async (_, given: Readonly<Record<string, () => Promise<unknown>>>): Promise<string> => {
    const values = await Promise.all(parents.map((one): Promise<unknown> => given[one]?.() ?? Promise.resolve()));
    ran.push(name);
    return `${name}(${values.join(' ')})`;
  },
});

test('Graph reaches each state once, parents only when asked for, and offers near names', async () => {
  const ran: string[] = [];
  const one = defineState({ name: 'one', does: '', parents: [], look, reach: () => (ran.push('one'), Promise.resolve(1)) });
  const never = defineState({ name: 'never', does: '', parents: [], look, reach: () => (ran.push('never'), Promise.resolve(0)) });
  const two = defineState({
    name: 'two',
    does: '',
    parents: [one, never],
    look,
    reach: async (_, parents): Promise<number> => (await parents.one()) + (await parents.one()),
  });
  const graph = new Graph([two, one, never]);
  assert.deepEqual(
    graph.states.map(({ name }) => name),
    ['one', 'never', 'two'],
  );
  assert.equal(await graph.reach(none, 'two'), 2);
  assert.deepEqual(ran, ['one']);
  assert.throws(
    () => graph.find('tow'),
    (error) => error instanceof PrimeError && error.code === 'PRIME_NO_STATE' && error.problem.do === 'Did you mean two?',
  );
});

test('Graph.put changes a state for all that need it; what was reached before stays reached under the name that is kept', async () => {
  const ran: string[] = [];
  const graph = new Graph([plain('a', [], ran), plain('b', ['a'], ran)]);
  assert.equal(await graph.reach(none, 'a'), 'a()');
  graph.put(plain('a', ['_a'], ran), '_a');
  assert.equal(await graph.reach(none, 'b'), 'b(a(a()))');
  assert.deepEqual(ran, ['a', 'a', 'b']);
  assert.deepEqual(
    graph.states.map((state) => [state.name, graph.isProto(state)]),
    [
      ['_a', false],
      ['a', false],
      ['b', true],
    ],
  );
  assert.deepEqual(graph.closureOf('b'), ['b', 'a', '_a']);
});

test('Graph.circle names the states that need each other, and only those', () => {
  const graph = new Graph([plain('a', []), plain('b', ['a']), plain('c', ['a', 'b'])]);
  assert.equal(graph.circle(), undefined);
  graph.put(plain('a', ['c']));
  assert.deepEqual(graph.circle(), ['a', 'c', 'a']);
});
