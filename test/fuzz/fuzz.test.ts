// A part of `node test/fuzz/run.ts`: whatever the bytes, they are read or refused with a code, in bounded time.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fuzz } from './fuzz.ts';
import { TARGETS } from './targets.ts';

const COUNT = 48_000;
/** Far above what a mutant takes: a reading that grows with more than its bytes is seen. */
const MOST_MS = 20_000;

for (const target of TARGETS)
  test(`${target.name}: ${String(COUNT)} mutants are read or refused with a code`, { timeout: 300_000 }, () => {
    const { faults, refused, slowestMs } = fuzz(target, COUNT);
    assert.deepEqual(faults, []);
    assert.ok(slowestMs < MOST_MS, `one took ${String(slowestMs)} ms`);
    if (target.refuses)
      assert.ok(refused > COUNT / 20 && refused < COUNT, `${String(refused)} were refused: the mutants are too tame or too wild`);
  });
