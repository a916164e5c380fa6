import type { DatabaseSync } from 'node:sqlite';
import { makeIndexFile } from '../disk/journal-files.ts';
import { unsafe } from '../journal-errors.ts';
import { connect } from '../sqlite/connection.ts';
import { checkSqliteVersion } from '../sqlite/version.ts';

/** `Rsix`, in the header of every index. */
const APPLICATION_ID = 0x52736978;
const FORMAT = 1;

/** The whole schema, in the order of names. */
const SCHEMA: readonly string[] = [
  'CREATE INDEX by_end on sessions (ended, last)',
  'CREATE INDEX by_start on sessions (started desc, id desc)',
  'CREATE TABLE sessions (id text not null primary key, stamp text not null, started integer not null, last integer not null, ' +
    'ended integer not null, kept text not null, sum text not null) strict',
];

/** Opens an index, making it when it is missing. @throws ResproutError STORE_UNSAFE when it is something else, and what SQLite throws */
export function openIndexDatabase(file: string): DatabaseSync {
  checkSqliteVersion();
  makeIndexFile(file);
  const database = connect(file, false);
  try {
    // Nothing is synced: what a power cut takes is read from the journals again.
    database.exec('pragma synchronous = off; pragma journal_mode = wal');
    if (schemaOf(database).length === 0) create(database);
    check(database, file);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Another opener may have been faster. */
function create(database: DatabaseSync): void {
  database.exec('begin immediate');
  try {
    if (schemaOf(database).length === 0) {
      for (const sql of SCHEMA.toReversed()) database.exec(sql);
      database.exec(`pragma application_id = ${APPLICATION_ID}; pragma user_version = ${FORMAT}`);
    }
    database.exec('commit');
  } catch (error) {
    if (database.isTransaction) database.exec('rollback');
    throw error;
  }
}

function check(database: DatabaseSync, file: string): void {
  const id = database.prepare('pragma application_id').get()?.['application_id'];
  const format = database.prepare('pragma user_version').get()?.['user_version'];
  if (id !== APPLICATION_ID || format !== FORMAT || JSON.stringify(schemaOf(database)) !== JSON.stringify(SCHEMA))
    throw unsafe(file, 'it does not have the schema of an index and nothing else', 'Remove it; it is made again');
}

/** Without the indexes that SQLite makes by itself, which have no text. */
function schemaOf(database: DatabaseSync): readonly unknown[] {
  return database
    .prepare('select sql from sqlite_schema where sql is not null order by name limit 20')
    .all()
    .map((row) => row['sql']);
}
