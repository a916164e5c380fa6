import type { JournalRow } from '../../journal/journal-store.ts';
import { damaged } from '../journal-errors.ts';
import { isSealed, type SessionSeal } from './session-seal.ts';

/** A row as it was before it was sealed. @param seal of a sealed session; undefined: none of its rows may be sealed. @throws ResproutError JOURNAL_CORRUPT */
export function openedRow(row: JournalRow, seal: SessionSeal | undefined): JournalRow {
  if (seal !== undefined) return seal.open(row);
  if (isSealed(row.bytes)) throw damaged(row.session, row.firstSeq, 'a sealed row in a session that is not sealed');
  return row;
}

/** All of them. @throws as openedRow */
export function* openedRows(rows: Iterable<JournalRow>, seal: SessionSeal | undefined): Generator<JournalRow> {
  for (const row of rows) yield openedRow(row, seal);
}
