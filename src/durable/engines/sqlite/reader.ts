// Reads a journal that another process may be writing. Never writes, holds no transaction between pages.
import type { DatabaseSync } from 'node:sqlite';
import { codeOf, ResproutError } from '../../../base/errors/errors.ts';
import type { JournalEvent } from '../../journal/events/event.ts';
import type { JournalRow } from '../../journal/journal-store.ts';
import { decodeEvent, splitRowBytes } from '../../journal/events/row-codec.ts';
import { checkRunFiles, currentGeneration, journalFile } from '../disk/journal-files.ts';
import { storeFailed } from '../journal-errors.ts';
import { RowReader, type Tail } from './row-reader.ts';
import { checkSchema, isUnmade, openForReading } from './connection.ts';
import { checkSqliteVersion } from './version.ts';

/** An event with its number. */
export interface NumberedEvent {
  readonly seq: number;
  readonly event: JournalEvent;
}

/** A journal open for reading. */
export interface JournalReader {
  sessions(): readonly string[];
  /** Number of events of a session. */
  count(session: string): number;
  /** Where a session ends; its last row is checked. @throws ResproutError JOURNAL_CORRUPT */
  tail(session: string): Tail;
  /** The first row of a session as it is stored; not checked. */
  first(session: string): JournalRow | undefined;
  /** Whether the session began with rows that ended there. */
  holds(session: string, tail: Tail): boolean;
  /** Rows in order, or those after a place that `holds`, checked. Rows that are appended meanwhile are read too. @throws ResproutError JOURNAL_CORRUPT */
  rows(session: string, after?: Tail): Iterable<JournalRow>;
  /** Rows from the one that holds an event on. @throws ResproutError JOURNAL_CORRUPT */
  rowsFrom(session: string, fromSeq: number): Iterable<JournalRow>;
  /** Events in order from `fromSeq` on, each decoded when it is asked for. @throws ResproutError JOURNAL_CORRUPT */
  events(session: string, fromSeq?: number): Iterable<NumberedEvent>;
  close(): void;
}

/**
 * Opens the journal of a run for reading, while its owner writes or after its end.
 * @throws ResproutError SESSION_MISSING, STORE_UNSAFE, STORE_IO, JOURNAL_CORRUPT
 */
export function openJournalReader(options: { readonly folder: string }): JournalReader {
  const where = `the journal in ${options.folder}`;
  try {
    return new Reader(open(options.folder), options.folder);
  } catch (error) {
    throw storeFailed(where, error, () => readsWellNow(options.folder));
  }
}

/** The first row of a session as it is stored; undefined when there is no journal, or nothing in it. @throws ResproutError STORE_UNSAFE, STORE_IO, JOURNAL_CORRUPT */
export function firstRow(folder: string, session: string): JournalRow | undefined {
  let reader: JournalReader;
  try {
    reader = openJournalReader({ folder });
  } catch (error) {
    if (codeOf(error) === 'SESSION_MISSING') return undefined;
    throw error;
  }
  try {
    return reader.first(session);
  } finally {
    reader.close();
  }
}

function open(folder: string): DatabaseSync {
  checkSqliteVersion();
  const file = journalFile(folder, currentGeneration(folder));
  if (!checkRunFiles(folder, file))
    throw new ResproutError('SESSION_MISSING', `there is no journal ${file}`, { tried: `read ${file}`, saw: 'no such file' });
  const database = openForReading(file);
  try {
    if (isUnmade(database)) throw neverBegun(file);
    checkSchema(database, file);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * Whether every row of the journal in a folder can be read and passes its checks now, by a connection of its own. SQLite calls a file damaged
 * when the system could not read it once: only a second look tells the two apart.
 */
export function readsWellNow(folder: string): boolean {
  try {
    const database = openForReading(journalFile(folder, currentGeneration(folder)));
    try {
      if (isUnmade(database)) return true;
      const reader = new RowReader(database);
      for (const session of reader.sessions()) for (const _row of reader.rows(session));
      return true;
    } finally {
      database.close();
    }
  } catch {
    // The first error says what it is.
    return false;
  }
}

function neverBegun(file: string): ResproutError {
  const saw = 'a journal in which nothing was ever committed';
  return new ResproutError('SESSION_MISSING', `${file} was never begun`, { tried: `read ${file}`, saw, do: 'Start the program again' });
}

class Reader implements JournalReader {
  readonly #database: DatabaseSync;
  readonly #reader: RowReader;
  readonly #folder: string;

  constructor(database: DatabaseSync, folder: string) {
    this.#database = database;
    this.#reader = new RowReader(database);
    this.#folder = folder;
  }

  sessions(): readonly string[] {
    return this.#read(() => this.#reader.sessions());
  }

  count(session: string): number {
    return this.tail(session).nextSeq;
  }

  tail(session: string): Tail {
    return this.#read(() => this.#reader.tail(session));
  }

  holds(session: string, tail: Tail): boolean {
    return this.#read(() => this.#reader.holds(session, tail));
  }

  first(session: string): JournalRow | undefined {
    return this.#read(() => this.#reader.first(session));
  }

  rowsFrom(session: string, fromSeq: number): Iterable<JournalRow> {
    return this.rows(
      session,
      this.#read(() => this.#reader.before(session, fromSeq)),
    );
  }

  *rows(session: string, after?: Tail): Iterable<JournalRow> {
    try {
      yield* this.#reader.rows(session, after);
    } catch (error) {
      throw this.#failed(error);
    }
  }

  *events(session: string, fromSeq = 0): Iterable<NumberedEvent> {
    for (const row of this.rowsFrom(session, fromSeq)) {
      let seq = row.firstSeq;
      for (const encoded of splitRowBytes(row.bytes, row.count)) {
        if (seq >= fromSeq) yield { seq, event: decodeEvent(encoded) };
        seq++;
      }
    }
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  #read<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      throw this.#failed(error);
    }
  }

  #failed(error: unknown): ResproutError {
    return storeFailed(`the journal in ${this.#folder}`, error, () => readsWellNow(this.#folder));
  }
}
