// A journal in memory, with the same promises as the one on disk, for tests and for runs that nobody resumes.
import type { ResproutError } from '../../../base/errors/errors.ts';
import type { JournalRow, JournalStore } from '../../journal/journal-store.ts';
import { FIRST_LINK, chainLink, isSameLink } from '../chain.ts';
import { checkRow } from '../check-row.ts';
import { damaged, fenced, notNext, storeFailed } from '../journal-errors.ts';

interface StoredRow extends JournalRow {
  readonly chain: Uint8Array;
}

interface Shared {
  epoch: number;
  readonly rows: Map<string, StoredRow[]>;
}

const WHERE = 'the journal in memory';

/** Owns its rows; what is handed in is copied. */
export class MemoryJournal implements JournalStore {
  readonly epoch: number;
  readonly #shared: Shared;
  #failure: ResproutError | undefined;

  constructor(shared: Shared = { epoch: 0, rows: new Map() }) {
    this.#shared = shared;
    this.epoch = ++shared.epoch;
  }

  /** The next owner of the same rows, as an open after a crash or a take-over. This one is fenced from now on. */
  takeOver(): MemoryJournal {
    return new MemoryJournal(this.#shared);
  }

  async append(rows: readonly JournalRow[]): Promise<void> {
    this.#refuseAfterFailure();
    try {
      this.#commit(rows);
    } catch (error) {
      this.#failure = storeFailed(WHERE, error);
      throw this.#failure;
    }
  }

  /** All or nothing: every row is checked before the first one is kept. */
  #commit(rows: readonly JournalRow[]): void {
    if (this.#shared.epoch !== this.epoch) throw fenced(WHERE, this.epoch, this.#shared.epoch);
    const added = new Map<string, StoredRow[]>();
    for (const row of rows) {
      checkRow(row);
      const pending = added.get(row.session) ?? [];
      const last = pending.at(-1) ?? this.#shared.rows.get(row.session)?.at(-1);
      const expected = last === undefined ? 0 : last.firstSeq + last.count;
      if (row.firstSeq !== expected) throw notNext(row.session, row.firstSeq, expected);
      const kept = { session: row.session, firstSeq: row.firstSeq, count: row.count, bytes: row.bytes.slice() };
      pending.push({ ...kept, chain: chainLink(last?.chain ?? FIRST_LINK, kept) });
      added.set(row.session, pending);
    }
    for (const [session, pending] of added) {
      const stored = this.#shared.rows.get(session) ?? [];
      stored.push(...pending);
      this.#shared.rows.set(session, stored);
    }
  }

  async *rows(session: string): AsyncIterable<JournalRow> {
    this.#refuseAfterFailure();
    yield* this.stored(session);
  }

  /** The rows as a reader sees them, which no fate of the owner keeps from reading. @throws ResproutError JOURNAL_CORRUPT */
  *stored(session: string): Iterable<JournalRow> {
    let chain = FIRST_LINK;
    for (const row of this.#shared.rows.get(session) ?? []) {
      chain = chainLink(chain, row);
      if (!isSameLink(chain, row.chain)) throw damaged(session, row.firstSeq, 'the checksum is wrong');
      yield { session, firstSeq: row.firstSeq, count: row.count, bytes: row.bytes.slice() };
    }
  }

  async sessions(): Promise<readonly string[]> {
    this.#refuseAfterFailure();
    return [...this.#shared.rows.keys()].sort();
  }

  async close(): Promise<void> {
    this.#failure ??= storeFailed(WHERE, new Error('it was closed'));
  }

  #refuseAfterFailure(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }
}
