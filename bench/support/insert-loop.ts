import { DatabaseSync } from 'node:sqlite';

/** The floor of everything that is on disk before it goes on: one insert, one FULL commit. */
export interface InsertLoop extends Disposable {
  insert(count: number, bytes: number): void;
}

export function openFloor(path: string): InsertLoop {
  const database = new DatabaseSync(path);
  database.exec('pragma journal_mode = wal; pragma synchronous = full; create table rows (n integer primary key, bytes blob)');
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
