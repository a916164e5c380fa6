// A journal whose rows are sealed, over any store of journals. To whoever uses it, it is one like any other.
import type { JournalRow, JournalStore, SpaceLack } from '../../journal/journal-store.ts';
import type { SessionSeal } from './session-seal.ts';

/** @param sealOf the seal of a session by its name */
export function sealedJournal(store: JournalStore, sealOf: (session: string) => SessionSeal): JournalStore {
  return new SealedJournal(store, sealOf);
}

/** Owns the store that it is over. */
class SealedJournal implements JournalStore {
  readonly epoch: number;
  readonly #store: JournalStore;
  readonly #sealOf: (session: string) => SessionSeal;

  constructor(store: JournalStore, sealOf: (session: string) => SessionSeal) {
    this.epoch = store.epoch;
    this.#store = store;
    this.#sealOf = sealOf;
  }

  lacksFor(rows: readonly JournalRow[]): SpaceLack | undefined {
    return this.#store.lacksFor?.(rows);
  }

  async append(rows: readonly JournalRow[]): Promise<void> {
    await this.#store.append(rows.map((row) => this.#sealOf(row.session).seal(row)));
  }

  afterAnswer(): void {
    this.#store.afterAnswer?.();
  }

  async *rows(session: string): AsyncIterable<JournalRow> {
    for await (const row of this.#store.rows(session)) yield this.#sealOf(session).open(row);
  }

  sessions(): Promise<readonly string[]> {
    return this.#store.sessions();
  }

  close(): Promise<void> {
    return this.#store.close();
  }
}
