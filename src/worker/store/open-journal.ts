import { openJournalReader, openSqliteJournal } from '../../durable/engines/index.ts';
import type { JournalRow, JournalStore } from '../../durable/journal/journal-store.ts';
import type { SessionOptions } from '../run-options.ts';

/** Opens the journal of a run for its owner, and fences whoever had it. @throws ResproutError STORE_UNSAFE, STORE_IO, JOURNAL_CORRUPT */
export function openJournal(folder: string, options: Pick<SessionOptions, 'wrapStore'>): JournalStore {
  const journal = openSqliteJournal({ folder });
  return options.wrapStore?.(journal) ?? journal;
}

/** All rows of a session, read while its owner may be writing. @throws ResproutError SESSION_MISSING, JOURNAL_CORRUPT, STORE_IO */
export function readJournal(folder: string, sessionId: string): readonly JournalRow[] {
  const reader = openJournalReader({ folder });
  try {
    return [...reader.rows(sessionId)];
  } finally {
    reader.close();
  }
}
