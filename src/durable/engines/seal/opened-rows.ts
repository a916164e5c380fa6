import type { JournalRow } from '../../journal/journal-store.ts';
import { damaged } from '../journal-errors.ts';
import { isSealed, type SessionSeal } from './session-seal.ts';

/** Rows as they were before they were sealed. @param seal of a sealed session; undefined: none of its rows may be sealed. @throws ResproutError JOURNAL_CORRUPT */
export function* openedRows(rows: Iterable<JournalRow>, seal: SessionSeal | undefined): Generator<JournalRow> {
  for (const row of rows) {
    if (seal !== undefined) yield seal.open(row);
    else if (isSealed(row.bytes)) throw damaged(row.session, row.firstSeq, 'a sealed row in a session that is not sealed');
    else yield row;
  }
}
