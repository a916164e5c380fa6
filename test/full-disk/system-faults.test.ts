import { test } from 'node:test';
import assert from 'node:assert/strict';
import { noStrace, strikeAll } from './system-faults.ts';

/** The whole is `node test/full-disk/strike.ts`. */
const SHARE = 0.05;

test(
  'a call of the system that fails has a code of its own kind, and costs no session',
  { skip: noStrace, timeout: 1_200_000 },
  async () => {
    const struck = await strikeAll(SHARE, () => {});
    assert.ok(struck.length > 15, `only ${struck.length} calls failed`);
    assert.ok(struck.some(({ code }) => code === 'STORE_IO'));
    for (const { faults, ...which } of struck) assert.deepEqual(faults, [], JSON.stringify(which));
  },
);
