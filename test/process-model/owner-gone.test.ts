// process model 1: SIGKILL of the owner while the program is in a barrier, spins, runs a child command, loops, idles, is blocked in a write.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { after, describe, it } from 'node:test';
import { needs } from '../support/needs.ts';
import { groupOf } from '../support/processes.ts';
import { workFolder } from '../worker/support/harness.ts';
import { mentioning, pause, stopWhile, timeUntil } from './support/processes.ts';
import { effectFile, endOwners, started } from './support/sessions.ts';

/** How each phase is known to be there: the owner stands still, and the system says in what call the program's thread waits. */
const STUCK: Readonly<Record<string, readonly ['read' | 'write', number]>> = {
  barrier: ['read', 5],
  'blocked write': ['write', 5],
};

describe('the owner that is killed', { skip: needs('linux'), concurrency: 2 }, () => {
  after(endOwners);
  for (const kind of ['barrier', 'spin', 'child command', 'async loop', 'idle', 'blocked write']) {
    it(`the owner that is killed takes the runner and its children along: ${kind}`, async (context) => {
      using folder = workFolder();
      writeFileSync(`${effectFile(folder.path)}.big`, Buffer.alloc(700_000));
      const owner = await started(folder.path, { kind });
      const { runnerPid } = owner;
      const members = kind === 'child command' ? 3 : 2;
      const stuck = STUCK[kind];
      if (stuck !== undefined) {
        await stopWhile(owner.child.pid ?? 0, runnerPid, ...stuck);
      } else {
        await timeUntil('the runner and its children are there', () => groupOf(runnerPid).length === members);
        await pause(50);
      }
      assert.equal(groupOf(runnerPid).length, members, 'the runner and its children');
      owner.child.kill('SIGKILL');
      const tookMs = await timeUntil('the runner and its children are gone', () => groupOf(runnerPid).length === 0);
      context.diagnostic(`gone after ${tookMs.toFixed(1)} ms (goal: 100)`);
      await owner.closed;
      assert.deepEqual(mentioning(folder.path), []);
    });
  }
});
