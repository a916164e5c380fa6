// The seam to where journals live. Real: durable/engines/sqlite.ts. In memory: durable/engines/memory.ts.

/** The events of one session in one commit. */
export interface JournalRow {
  readonly session: string;
  /** Number of the first event of the row. */
  readonly firstSeq: number;
  readonly count: number;
  /** The events one after the other, as `row-codec.ts` writes them. */
  readonly bytes: Uint8Array;
}

/**
 * A store of journals with one owner. Synchronous, since the owner answers nobody while it commits.
 * Crash-only: after any error of `append` the store refuses everything; the only recovery is the next open.
 */
export interface JournalStore {
  /** Raised by every open for writing. Each append checks it inside its transaction. */
  readonly epoch: number;
  /**
   * Commits all rows in one transaction; they are on disk when it returns.
   * @throws ResproutError SESSION_FENCED (another owner raised the epoch), JOURNAL_CORRUPT (a row is not the next one; nothing was written), STORE_IO
   */
  append(rows: readonly JournalRow[]): void;
  /** Rows of one session in order, each checked against the chained checksum. @throws ResproutError JOURNAL_CORRUPT */
  rows(session: string): Iterable<JournalRow>;
  /** Ids of all sessions in the store. */
  sessions(): readonly string[];
  close(): void;
}
