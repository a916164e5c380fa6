import { DatabaseSync } from 'node:sqlite';

/** The floor of everything that is on disk before it goes on: one insert, one FULL commit. */
export interface InsertLoop extends Disposable {
  insert(count: number, bytes: number): void;
}

/** What the floor is called in tables. */
export const FLOOR = 'plain SQLite insert of the same size, FULL commit, log grown ahead';

/** Pages after which the log is moved into the database and used again, as in a journal. */
const LOG_PAGES = 4096;
const PAGE_BYTES = 4096;

/**
 * Opens a new database whose log has its full size already: the sync of a file that grows also commits the file system's own records, which
 * costs as much again as the insert.
 */
export function openFloor(path: string): InsertLoop {
  const database = new DatabaseSync(path);
  database.exec(
    `pragma journal_mode = wal; pragma synchronous = full; pragma wal_autocheckpoint = ${LOG_PAGES};
     create table rows (n integer primary key, bytes blob);
     create table ahead (bytes blob); insert into ahead values (zeroblob(${LOG_PAGES * PAGE_BYTES})); drop table ahead;
     pragma wal_checkpoint(restart)`,
  );
  const insert = database.prepare('insert into rows values (?, ?)');
  let n = 0;
  return {
    insert(count, bytes) {
      const row = new Uint8Array(bytes).fill(7);
      for (let done = 0; done < count; done++) insert.run(n++, row);
    },
    [Symbol.dispose]: () => database.close(),
  };
}
