// What every connection method does, over the whole table: a method without a target here fails.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { dial, farStdioOf, parseRecipe } from '../../src/remote/connect/index.ts';
import { METHODS } from '../../src/remote/connect/methods.ts';
import { connectionMethodBehaviours } from '../../src/testing/connection-method-suite.ts';
import { openTargets, targetsProblem, type Targets } from './support/targets.ts';

const skip = targetsProblem();
/** `ssh` has a rig of its own: test/ssh/connect.test.ts. */
const methods = METHODS.map(({ name }) => name).filter((name) => name !== 'ssh');

describe('every connection method', { skip }, () => {
  let targets: Targets;
  before(async () => {
    targets = await openTargets();
  });
  after(() => targets.close());

  test('has a target', () => {
    assert.deepEqual(Object.keys(targets.options).toSorted(), methods.toSorted());
  });

  for (const method of methods)
    test(method, async (t) => {
      const recipe = parseRecipe({ method, ...targets.options[method] });
      for (const { title, run } of connectionMethodBehaviours({ recipe, farStdio: farStdioOf(recipe), dial, env: process.env }))
        await t.test(title, run);
    });
});
