import { test } from 'node:test';
import assert from 'node:assert/strict';
import { SESSION, rowOf } from '../../../test/power-cut/rows.ts';
import { codeOf } from '../../base/errors/errors.ts';
import { MemoryJournal } from './index.ts';

test('MemoryJournal keeps copies of rows and gives them back in order', () => {
  const journal = new MemoryJournal();
  const row = rowOf(0);
  journal.append([row, rowOf(1), rowOf(0, 5, 'ses_child')]);
  row.bytes.fill(0);
  assert.deepEqual([...journal.rows(SESSION)], [rowOf(0), rowOf(1)]);
  assert.deepEqual([...journal.sessions()].sort(), [SESSION, 'ses_child'].sort());
});

test('MemoryJournal refuses a row that is not the next one, keeps nothing of its batch, and refuses everything afterwards', () => {
  const journal = new MemoryJournal();
  journal.append([rowOf(0)]);
  assert.throws(
    () => journal.append([rowOf(1), rowOf(3)]),
    (error) => codeOf(error) === 'JOURNAL_CORRUPT',
  );
  assert.throws(
    () => journal.append([rowOf(1)]),
    (error) => codeOf(error) === 'JOURNAL_CORRUPT',
  );
  assert.equal([...journal.takeOver().rows(SESSION)].length, 1);
});

test('MemoryJournal.takeOver() gives the same rows to the next owner and fences the old one', () => {
  const old = new MemoryJournal();
  old.append([rowOf(0)]);
  const next = old.takeOver();
  assert.equal(next.epoch, old.epoch + 1);
  assert.throws(
    () => old.append([rowOf(1)]),
    (error) => codeOf(error) === 'SESSION_FENCED',
  );
  next.append([rowOf(1)]);
  assert.equal([...next.rows(SESSION)].length, 2);
});
