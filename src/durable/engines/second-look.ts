// SQLite calls a file damaged when the system could not read it once. Only a second look tells the two apart.
import { currentGeneration, journalFile } from './journal-files.ts';
import { RowReader } from './row-reader.ts';
import { isUnmade, openForReading } from './sqlite-connection.ts';

/** Whether every row of the journal in a folder can be read and passes its checks now, by a connection of its own. */
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
