import { DatabaseSync } from 'node:sqlite';
import { unsafe } from '../journal-errors.ts';

/** How long a statement waits for another connection, ms. Owners are alone; readers and take-overs hold the file for a moment only. */
const BUSY_MS = 5000;
/** Pages in the WAL at which a commit also moves them to the database: 16 MiB. */
export const CHECKPOINT_PAGES = 4096;
/** `Rspt`, in the header of every journal. */
const APPLICATION_ID = 0x52737074;
const FORMAT = 1;

/**
 * The whole schema, as SQLite stores it, in the order of names. `heads` says where each session ends; the trigger moves it in the statement
 * that adds a row, so that rows which damage hides are missed.
 */
export const SCHEMA: readonly (readonly [type: string, name: string, table: string, sql: string])[] = [
  [
    'table',
    'heads',
    'heads',
    'CREATE TABLE heads (session text not null primary key, next integer not null, chain blob not null) strict, without rowid',
  ],
  [
    'trigger',
    'move_head',
    'rows',
    'CREATE TRIGGER move_head after insert on rows begin insert into heads values (new.session, new.first + new.count, new.chain) ' +
      'on conflict (session) do update set next = excluded.next, chain = excluded.chain; end',
  ],
  ['table', 'owner', 'owner', 'CREATE TABLE owner (one integer primary key check (one = 1), epoch integer not null) strict'],
  [
    'table',
    'rows',
    'rows',
    'CREATE TABLE rows (session text not null, first integer not null, count integer not null, bytes blob not null, ' +
      'chain blob not null, primary key (session, first)) strict, without rowid',
  ],
];

/** How synchronous commits are. Everything but FULL loses rows that were answered; the others are for tests of the tests. */
export type Synchronous = 'FULL' | 'NORMAL' | 'OFF';

/** The one writing connection of an owner. The file exists. */
export function openWriter(file: string, synchronous: Synchronous): DatabaseSync {
  const database = connect(file, false);
  try {
    const mode = database.prepare('pragma journal_mode = wal').get()?.['journal_mode'];
    if (mode !== 'wal') throw unsafe(file, `the file system allows journal mode ${String(mode)} only`, 'Put the store on a local disk');
    database.exec(`pragma synchronous = ${synchronous}; pragma wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** A connection that cannot write. */
export function openForReading(file: string): DatabaseSync {
  return connect(file, true);
}

/** Settings that make a foreign file harmless come before the first look at its content. */
export function connect(file: string, readOnly: boolean): DatabaseSync {
  const database = new DatabaseSync(file, { readOnly, enableDoubleQuotedStringLiterals: false, allowExtension: false, timeout: BUSY_MS });
  try {
    database.exec('pragma trusted_schema = off; pragma cell_size_check = on; pragma mmap_size = 0; pragma locking_mode = normal');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Makes the tables in an empty database; another opener may have been faster. */
export function createSchema(database: DatabaseSync): void {
  database.exec('begin immediate');
  try {
    if (schemaOf(database).length === 0) {
      for (const [, , , sql] of SCHEMA.toSorted(([one], [other]) => (one < other ? -1 : 1))) database.exec(sql);
      database.exec(`insert into owner values (1, 0); pragma application_id = ${APPLICATION_ID}; pragma user_version = ${FORMAT}`);
    }
    database.exec('commit');
  } catch (error) {
    if (database.isTransaction) database.exec('rollback');
    throw error;
  }
}

/** The file holds our schema and nothing else: no other trigger, view or index that would run with our statements. @throws ResproutError STORE_UNSAFE */
export function checkSchema(database: DatabaseSync, file: string): void {
  const id = database.prepare('pragma application_id').get()?.['application_id'];
  const format = database.prepare('pragma user_version').get()?.['user_version'];
  if (id === APPLICATION_ID && typeof format === 'number' && format > FORMAT)
    throw unsafe(file, `it is a journal of format ${format}, this version reads ${FORMAT}`, 'Use the version of Resprout that wrote it');
  const found = JSON.stringify(schemaOf(database));
  if (id !== APPLICATION_ID || format !== FORMAT || found !== JSON.stringify(SCHEMA))
    throw unsafe(file, 'it does not have the schema of a journal and nothing else', 'Restore the store from a copy');
}

/** Whether nothing was ever committed here: its owner was cut off while it made the tables. */
export function isUnmade(database: DatabaseSync): boolean {
  return database.prepare('pragma application_id').get()?.['application_id'] === 0 && schemaOf(database).length === 0;
}

function schemaOf(database: DatabaseSync): readonly unknown[] {
  return database
    .prepare('select type, name, tbl_name, sql from sqlite_schema order by name limit 20')
    .all()
    .map((row) => [row['type'], row['name'], row['tbl_name'], row['sql']]);
}
