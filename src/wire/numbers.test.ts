import { test } from 'node:test';
import assert from 'node:assert/strict';
import { DEAD, FIRST_DYNAMIC_HANDLE, HANDLE, JOURNAL_TAG, LIMITS, REMOTE_TAG } from './index.ts';
import { SMALL_INT, TAG } from './tags/value-tags.ts';

test('HANDLE, TAG and the extension tags have no number twice and stay in their ranges', () => {
  for (const table of [HANDLE, TAG, { ...REMOTE_TAG, JOURNAL_BLOB: JOURNAL_TAG.BLOB, ...without(JOURNAL_TAG, REMOTE_TAG) }]) {
    const numbers = Object.values(table);
    assert.equal(new Set(numbers).size, numbers.length);
  }
  assert.ok(Object.values(HANDLE).every((handle) => handle < DEAD && handle < FIRST_DYNAMIC_HANDLE));
  assert.ok(Object.values(TAG).every((tag) => tag < SMALL_INT));
  assert.ok(Object.values(REMOTE_TAG).every((tag) => tag > 0 && tag < 32));
  assert.ok(Object.values(JOURNAL_TAG).every((tag) => tag >= 32));
});

/** The entries of `table` whose names are not in `other`: names may be the same, numbers may not. */
function without(table: Readonly<Record<string, number>>, other: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(table).filter(([name]) => !(name in other)));
}

test('LIMITS are whole and positive, and a recorded value fits into an event, an event into a frame', () => {
  for (const [name, limit] of Object.entries(LIMITS)) assert.ok(Number.isInteger(limit) && limit > 0, name);
  assert.ok(LIMITS.recordedValueBytes < LIMITS.eventBytes && LIMITS.eventBytes < LIMITS.framePayloadBytes);
});
