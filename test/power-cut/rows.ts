import assert from 'node:assert/strict';
import { openSqliteJournal } from '../../src/durable/engines/index.ts';
import type { JournalRow } from '../../src/durable/journal/journal-store.ts';
import { decodeRowBytes, encodeRowBytes } from '../../src/durable/journal/events/row-codec.ts';

export const SESSION = 'ses_00000000000000000000000000';

/** Row number `seq` of the test session: one event whose content tells its number. */
export function rowOf(seq: number, bytes = 180, session = SESSION): JournalRow {
  const value = new Uint8Array(bytes).fill(seq & 255);
  return { session, firstSeq: seq, count: 1, bytes: encodeRowBytes([{ t: 'signal', name: `row ${seq}`, value, atMs: seq }]) };
}

/** Opens a journal as the next owner would, checks everything in it and gives the number of rows. */
export function checkedRowCount(folder: string): number {
  const journal = openSqliteJournal({ folder, create: false });
  try {
    let next = 0;
    for (const row of journal.rows(SESSION)) {
      const [event] = decodeRowBytes(row.bytes, row.count);
      assert.equal(row.firstSeq, next);
      assert.ok(event?.t === 'signal');
      assert.equal(event.name, `row ${next}`);
      assert.ok(event.value.every((byte) => byte === (next & 255)));
      next++;
    }
    return next;
  } finally {
    journal.close();
  }
}
