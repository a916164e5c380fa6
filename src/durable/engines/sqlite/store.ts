// The journal in SQLite behind the seam that may wait. What SQLite does is done when the call returns, so a commit costs promises and no turn
// of the event loop.
import type { JournalRow, JournalStore, SpaceLack } from '../../journal/journal-store.ts';
import { openSqliteJournal, type SqliteJournal, type SqliteJournalOptions } from './journal.ts';

/** Opens the journal of a run for its owner. @throws as `openSqliteJournal` */
export function openSqliteStore(options: SqliteJournalOptions): JournalStore {
  return sqliteStore(openSqliteJournal(options));
}

/** A journal that is open, behind the seam. It is the store's from now on. */
export function sqliteStore(journal: SqliteJournal): JournalStore {
  return new SqliteStore(journal);
}

/** Owns the journal. */
class SqliteStore implements JournalStore {
  readonly epoch: number;
  readonly #journal: SqliteJournal;

  constructor(journal: SqliteJournal) {
    this.#journal = journal;
    this.epoch = journal.epoch;
  }

  lacksFor(rows: readonly JournalRow[]): SpaceLack | undefined {
    return this.#journal.lacksFor(rows);
  }

  async append(rows: readonly JournalRow[]): Promise<void> {
    this.#journal.append(rows);
  }

  afterAnswer(): void {
    this.#journal.afterAnswer();
  }

  rows(session: string): AsyncIterable<JournalRow> {
    return eventually(this.#journal.rows(session));
  }

  async sessions(): Promise<readonly string[]> {
    return this.#journal.sessions();
  }

  async close(): Promise<void> {
    this.#journal.close();
  }
}

/** What is there at once, for a seam that may wait. Not an async generator: that one costs three promises a row where one will do. */
function eventually<T>(items: Iterable<T>): AsyncIterable<T> {
  return {
    [Symbol.asyncIterator]: () => {
      const iterator = items[Symbol.iterator]();
      return {
        next: async () => iterator.next(),
        return: async () => iterator.return?.() ?? { done: true, value: undefined },
      };
    },
  };
}
