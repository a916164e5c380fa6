import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PrimeContext } from '../context.ts';
import { defineState, Graph } from './graph.ts';
import { PrimeError } from '../problem.ts';

test('Graph reaches each state once, parents only when asked for, and offers near names', async () => {
  const ran: string[] = [];
  const look = (): { fresh: boolean; why: string } => ({ fresh: false, why: '' });
  const one = defineState({ name: 'one', does: '', parents: [], look, reach: () => (ran.push('one'), Promise.resolve(1)) });
  const never = defineState({ name: 'never', does: '', parents: [], look, reach: () => (ran.push('never'), Promise.resolve(0)) });
  const two = defineState({
    name: 'two',
    does: '',
    parents: [one, never],
    look,
    reach: async (_, parents): Promise<number> => (await parents.one()) + (await parents.one()),
  });
  const graph = new Graph([two]);
  assert.deepEqual(
    graph.states.map(({ name }) => name),
    ['one', 'never', 'two'],
  );
  // These states do not use the context.
  assert.equal(await graph.reach({} as PrimeContext, two), 2);
  assert.deepEqual(ran, ['one']);
  assert.throws(
    () => graph.find('tow'),
    (error) => error instanceof PrimeError && error.code === 'PRIME_NO_STATE' && error.problem.do === 'Did you mean two?',
  );
});
