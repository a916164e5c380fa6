// A rollout of twenty steps on three hosts fails at its twelfth for each cause. All kills: `node test/retry/run.ts`.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { rigProblem } from '../ssh/rig.ts';
import { needs } from '../support/needs.ts';
import { CAUSES, Stage } from './stage.ts';
import { fail, retryKilled, retryWhole } from './trial.ts';

for (const cause of CAUSES)
  test(
    `${cause}: mended and retried, nothing before the failure is done again, also after kills`,
    { timeout: 600_000, skip: cause === 'refused ssh key' ? (rigProblem() ?? false) : needs('linux') },
    async () => {
      await using stage = await Stage.open(cause);
      assert.deepEqual(await fail(stage), []);
      const { faults, seqs } = await retryWhole(stage);
      assert.deepEqual(faults, []);
      // The rewind itself, and one in the middle.
      for (const at of [0, seqs.length >> 1]) assert.deepEqual(await retryKilled(stage, seqs[at] ?? -1), []);
    },
  );
