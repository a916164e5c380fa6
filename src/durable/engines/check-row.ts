import type { JournalRow } from '../journal/journal-store.ts';
import { damaged } from './journal-errors.ts';

/** Numbers of events fit the field of the checksum. */
export const LARGEST_SEQ = 0xffff_ffff;

/** A row can be written at all: counts are whole and within the checksum's fields. @throws ResproutError JOURNAL_CORRUPT */
export function checkRow(row: JournalRow): void {
  const isWhole = Number.isInteger(row.firstSeq) && Number.isInteger(row.count);
  if (!isWhole || row.firstSeq < 0 || row.count < 1 || row.firstSeq + row.count > LARGEST_SEQ || row.session === '')
    throw damaged(row.session, row.firstSeq, `a row of ${row.count} events`);
}
