// The seam to where the journal of a session is kept. It may wait: for a disk, for a database elsewhere. On disk: durable/engines/sqlite/store.ts.
// In memory: durable/engines/memory/memory-journal.ts. What every store promises is checked by `journalStoreBehaviours` of testing/stores/journal-store-suite.ts.

/** The events of one session in one commit. */
export interface JournalRow {
  readonly session: string;
  /** Number of the first event of the row. */
  readonly firstSeq: number;
  readonly count: number;
  /** The events one after the other, as `row-codec.ts` writes them. */
  readonly bytes: Uint8Array;
}

/** How much space there is, and how much there should be. */
export interface SpaceLack {
  readonly freeBytes: number;
  readonly neededBytes: number;
}

/**
 * A store of journals with one owner. Whoever appends waits for the answer before the next append.
 * Crash-only: after any error of `append` the store refuses everything; the only recovery is the next open.
 * Every promise settles within a bound of the store's own; a store that cannot say what came of a commit rejects.
 */
export interface JournalStore {
  /** Raised by every open for writing. Each append checks it inside its transaction. */
  readonly epoch: number;
  /** What space is missing for these rows; undefined when nothing is. An append now would fail, and with it the store. Absent: never. */
  lacksFor?(rows: readonly JournalRow[]): SpaceLack | undefined;
  /**
   * Commits all rows in one transaction; they are on disk when it resolves. Their bytes may not be changed afterwards.
   * @throws ResproutError SESSION_FENCED (another owner raised the epoch), JOURNAL_CORRUPT (a row is not the next one; nothing was written), STORE_IO
   */
  append(rows: readonly JournalRow[]): Promise<void>;
  /**
   * What may be done when those who waited for the last append have their answer, and before the next one. Not needed for its promise: an owner
   * that never calls it loses time only.
   * @throws ResproutError STORE_IO, as `append` does
   */
  afterAnswer?(): void;
  /** Rows of one session in order, each checked against the chained checksum. @throws ResproutError JOURNAL_CORRUPT */
  rows(session: string): AsyncIterable<JournalRow>;
  /** Ids of all sessions in the store. */
  sessions(): Promise<readonly string[]>;
  /** Twice is fine. Everything later is refused. */
  close(): Promise<void>;
}
