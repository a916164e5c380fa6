// The journal of one run in SQLite. Owns: the only writing connection of `journal-<n>.db` in the folder of the run.
//   S1. `append` returns when all rows are on the medium: WAL, synchronous FULL.
//   S2. Every append checks, in its own transaction, that the epoch is still ours and that each row is the next one of its session.
//   S3. Every open for writing raises the epoch: two owners cannot both append, whatever they believe of each other.
//   S4. Crash-only: after any error the connection is closed and everything is refused. No commit and no sync is ever tried again.
//   S5. Rows that are missing are noticed: at the end of a session by its head, at the end of time by the watermark.
//   S6. The first thing an open does is to move what the WAL holds into the database and to begin a new WAL: a WAL with a failed write is
//       never continued. When that fails, the rows that can be read go to the next generation's file, and CURRENT names it.
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { ResproutError } from '../../../base/errors/errors.ts';
import type { JournalRow, SpaceLack } from '../../journal/journal-store.ts';
import { chainLink } from '../chain.ts';
import { checkRow } from '../check-row.ts';
import { FreeSpace, hasSpare } from '../disk/free-space.ts';
import { fenced, notNext, storeFailed } from '../journal-errors.ts';
import { journalFile, logFile } from '../disk/journal-files.ts';
import { LogRoom } from '../disk/log-room.ts';
import { RowReader, type Tail } from './row-reader.ts';
import { openGeneration } from './open.ts';
import { readsWellNow } from './reader.ts';
import { Watermark } from '../disk/watermark.ts';
import { CHECKPOINT_PAGES, type Synchronous } from './connection.ts';

/** Where the journal of a run is. */
export interface SqliteJournalOptions {
  /** Absolute path of the run's folder. */
  readonly folder: string;
  /** Whether folder and journal are made when they are missing; without it a missing journal is SESSION_MISSING. @default true */
  readonly create?: boolean | undefined;
  /** Loses answered rows at a power cut. For the one test that shows that the power-cut test can fail. */
  readonly unsafeSynchronousForPowerCutTest?: Synchronous | undefined;
}

/**
 * A journal on disk: what `JournalStore` promises, at once, since SQLite works in the caller's thread. Owners use it through store.ts beside this.
 */
export interface SqliteJournal {
  /** Raised by every open for writing. Each append checks it inside its transaction. */
  readonly epoch: number;
  /** Generation of the file, from 1. Above 1, a recovery had to copy the journal. */
  readonly generation: number;
  /** What space is missing for these rows; undefined when nothing is. */
  lacksFor(rows: readonly JournalRow[]): SpaceLack | undefined;
  /** Commits all rows in one transaction; they are on disk when it returns. @throws ResproutError as `JournalStore.append` */
  append(rows: readonly JournalRow[]): void;
  /** As `JournalStore.afterAnswer`. */
  afterAnswer(): void;
  /** Rows of one session in order, each checked against the chained checksum. @throws ResproutError JOURNAL_CORRUPT */
  rows(session: string): Iterable<JournalRow>;
  /** Ids of all sessions in the journal. */
  sessions(): readonly string[];
  close(): void;
  /** Number of the next event of a session; its last row is checked. @throws ResproutError JOURNAL_CORRUPT */
  nextSeq(session: string): number;
  /** The same with the checksum of everything before it. @throws ResproutError JOURNAL_CORRUPT */
  tail(session: string): Tail;
  /** Reads every row of every session and checks it. @returns the number of events @throws ResproutError JOURNAL_CORRUPT */
  verify(): number;
}

/**
 * Opens the journal of a run for its owner, making it when it is missing. Fences whoever owned it before: ask first whether they live.
 * Blocks; an open after a crash copies what the WAL holds.
 * @throws ResproutError STORE_UNSAFE (SQLite too old, wrong owner or mode, foreign file), STORE_IO (a full disk too), JOURNAL_CORRUPT, SESSION_MISSING
 */
export function openSqliteJournal(options: SqliteJournalOptions): SqliteJournal {
  try {
    return new Journal(options);
  } catch (error) {
    throw storeFailed(`the journal in ${options.folder}`, error, () => readsWellNow(options.folder));
  }
}

class Journal implements SqliteJournal {
  readonly epoch: number;
  readonly generation: number;
  readonly #where: string;
  readonly #database: DatabaseSync;
  readonly #reader: RowReader;
  readonly #insert: StatementSync;
  readonly #epochNow: StatementSync;
  /** Where each session goes on, as of our own last append to it. */
  readonly #tails = new Map<string, Tail>();
  readonly #folder: string;
  readonly #space: FreeSpace;
  readonly #mark: Watermark;
  readonly #room: LogRoom;
  #events: number;
  /** Since the last answer. */
  #newRows = 0;
  #newBytes = 0;
  #failure: ResproutError | undefined;

  constructor(options: SqliteJournalOptions) {
    this.#folder = options.folder;
    this.#space = new FreeSpace(options.folder);
    this.#where = `the journal in ${options.folder}`;
    const opened = openGeneration({
      folder: options.folder,
      create: options.create ?? true,
      synchronous: options.unsafeSynchronousForPowerCutTest ?? 'FULL',
    });
    this.#database = opened.database;
    this.generation = opened.generation;
    try {
      this.#reader = new RowReader(this.#database);
      this.#epochNow = this.#database.prepare('select epoch from owner');
      this.epoch = this.#raiseEpoch();
      this.#insert = this.#database.prepare(
        'insert into rows select ?, ?, ?, ?, ? where (select epoch from owner) = ? and ' +
          'coalesce((select next from heads where session = ?), 0) = ?',
      );
      this.#events = this.#reader.total();
      this.#mark = new Watermark(options.folder, this.generation, this.#events);
      const log = logFile(journalFile(options.folder, this.generation));
      this.#room = new LogRoom(this.#database, log, CHECKPOINT_PAGES, (bytes) => hasSpare(options.folder, bytes));
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  lacksFor(rows: readonly JournalRow[]): SpaceLack | undefined {
    return this.#read(() => this.#space.lackFor(bytesOf(rows)));
  }

  append(rows: readonly JournalRow[]): void {
    this.#refuseAfterFailure();
    if (rows.length === 0) return;
    try {
      if (this.#room.failure !== undefined) throw this.#room.failure;
      for (const row of rows) checkRow(row);
      const bytes = bytesOf(rows);
      this.#space.take(bytes);
      this.#commit(rows);
      for (const row of rows) this.#events += row.count;
      this.#newRows += rows.length;
      this.#newBytes += bytes;
    } catch (error) {
      throw this.#fail(error);
    }
  }

  afterAnswer(): void {
    if (this.#failure !== undefined || this.#newRows === 0) return;
    try {
      this.#mark.move(this.#events);
    } catch (error) {
      throw this.#fail(error);
    }
    this.#room.committed(this.#newRows, this.#newBytes);
    this.#newRows = 0;
    this.#newBytes = 0;
  }

  /** One row commits by itself: one statement instead of three. */
  #commit(rows: readonly JournalRow[]): void {
    const tails = new Map<string, Tail>();
    if (rows.length === 1) for (const row of rows) this.#insertRow(row, tails);
    else {
      this.#database.exec('begin immediate');
      for (const row of rows) this.#insertRow(row, tails);
      this.#database.exec('commit');
    }
    for (const [session, tail] of tails) this.#tails.set(session, tail);
  }

  #insertRow(row: JournalRow, tails: Map<string, Tail>): void {
    const { session, firstSeq, count, bytes } = row;
    const before = tails.get(session) ?? this.#tails.get(session) ?? this.#reader.tail(session);
    const chain = chainLink(before.chain, row);
    const { changes } = this.#insert.run(session, firstSeq, count, bytes, chain, this.epoch, session, firstSeq);
    if (Number(changes) === 1) {
      tails.set(session, { nextSeq: firstSeq + count, chain });
      return;
    }
    const epoch = this.#readEpoch();
    throw epoch === this.epoch ? notNext(session, firstSeq, this.#reader.tail(session).nextSeq) : fenced(this.#where, this.epoch, epoch);
  }

  rows(session: string): Iterable<JournalRow> {
    return this.#guarded(session);
  }

  *#guarded(session: string): Generator<JournalRow> {
    this.#refuseAfterFailure();
    try {
      yield* this.#reader.rows(session);
    } catch (error) {
      throw this.#failed(error);
    }
  }

  sessions(): readonly string[] {
    return this.#read(() => this.#reader.sessions());
  }

  nextSeq(session: string): number {
    return this.tail(session).nextSeq;
  }

  tail(session: string): Tail {
    return this.#read(() => this.#reader.tail(session));
  }

  verify(): number {
    let events = 0;
    for (const session of this.sessions()) for (const row of this.rows(session)) events += row.count;
    return events;
  }

  close(): void {
    this.#failure ??= this.#failed(new Error('it was closed'));
    if (!this.#database.isOpen) return;
    this.#markLast();
    this.#mark.close();
    this.#room.close();
    this.#database.close();
  }

  /** A mark that stays behind says less than it could, and nothing that is wrong. */
  #markLast(): void {
    try {
      if (this.#newRows > 0) this.#mark.move(this.#events);
    } catch {
      // The rows are on disk, and were answered.
    }
  }

  #read<T>(read: () => T): T {
    this.#refuseAfterFailure();
    try {
      return read();
    } catch (error) {
      throw this.#failed(error);
    }
  }

  #failed(error: unknown): ResproutError {
    return storeFailed(this.#where, error, () => readsWellNow(this.#folder));
  }

  #raiseEpoch(): number {
    this.#database.exec('update owner set epoch = epoch + 1');
    return this.#readEpoch();
  }

  #readEpoch(): number {
    return Number(this.#epochNow.get()?.['epoch']);
  }

  #refuseAfterFailure(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  #fail(error: unknown): ResproutError {
    this.#failure = this.#failed(error);
    this.#mark.close();
    this.#room.close();
    try {
      // Closing rolls back what is open. Nothing may be written after an error, so no ROLLBACK is tried by itself.
      this.#database.close();
    } catch {
      // The first error is the one that counts; the process ends after it.
    }
    return this.#failure;
  }
}

function bytesOf(rows: readonly JournalRow[]): number {
  return rows.reduce((total, row) => total + row.bytes.length, 0);
}
