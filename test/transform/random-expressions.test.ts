import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { SiteTables } from '../../src/durable/replay/calls/hook-contract.ts';
import { MODULE, outcomeOf } from './support/expression-scope.ts';
import { createInlineHook } from './support/inline-hook.ts';
import { expression } from './support/random-expression.ts';
import { transformText } from './support/transform-text.ts';

// One seed for everybody; another one with RESPROUT_SEED. A failure prints the expression and its path.
const SEED = Number(process.env['RESPROUT_SEED'] ?? 20_261_124);

type Run = (scope: object) => Promise<unknown>;
// oxlint-disable-next-line no-eval -- both texts are made right here
const indirectEval = eval;

function plain(lowered: string): Run {
  return indirectEval(`(() => { 'use strict'; ${lowered.replace('export ', '')}; return run; })()`) as Run;
}

function transformed(text: string, tables: SiteTables): Run {
  const steps = (indirectEval(text) as (hook: unknown) => Generator<unknown>)(createInlineHook(tables));
  const [bindings] = steps.next().value as [{ run: Run }];
  return bindings.run;
}

test('transformFile: random chains, calls and receivers give the value, the error text and the effects they give untransformed', async () => {
  let failed = 0;
  await fc.assert(
    fc.asyncProperty(expression, async (text) => {
      const { lowered, text: module, form } = transformText(MODULE(text), { path: 'file.js' });
      const tables: SiteTables = { siteInfos: () => form.sites.map((site) => ({ ...site, file: 'file.js' })) };
      const expected = await outcomeOf(plain(lowered));
      assert.deepEqual(await outcomeOf(transformed(module, tables)), expected, text);
      if (/^\w*Error/.test(expected.value)) failed++;
    }),
    { numRuns: 2000, seed: SEED },
  );
  assert.ok(failed > 100 && failed < 1900, `${failed} of 2000 ended in an error: both kinds are covered`);
});
