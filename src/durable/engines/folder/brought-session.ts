// A session that was recorded elsewhere, brought into a folder of sessions whole or not at all: its rows go into a folder that no list has, which
// gets the session's name when the last of them is on disk. The caller has claimed the id: nobody else brings or runs it meanwhile.
import type { Disk } from '../../../base/seams/disk.ts';
import type { JournalRow } from '../../journal/journal-store.ts';
import { syncFile } from '../disk/journal-files.ts';
import { noSpace } from '../disk/free-space.ts';
import { makeHead } from '../seal/sealed-head.ts';
import { sealedJournal } from '../seal/sealed-journal.ts';
import type { SessionSeal } from '../seal/session-seal.ts';
import { openSqliteStore } from '../sqlite/store.ts';

/** Beginning of the name of the folder of a session that is being brought. */
export const COMING = '.new-';
/** In the folder of a session that was recorded with the key of another store. */
const ORIGIN = 'origin.json';
/** Rows are committed together up to so many bytes, or so many rows: each commit is a sync. */
const COMMIT_BYTES = 1_048_576;
const COMMIT_ROWS = 1024;

/** Whether a session was recorded with the key of another store. */
export function isBrought(disk: Disk, folder: string): boolean {
  return disk.stat(`${folder}/${ORIGIN}`) !== undefined;
}

/** Notes that. */
export function setBrought(disk: Disk, folder: string): void {
  disk.writeAtomic(`${folder}/${ORIGIN}`, '{"keyed":"elsewhere"}\n', 0o600);
}

/**
 * Writes rows as the session of an id that has none yet.
 * @param runs folder of all runs @param rows may throw: nothing is left then @param seal of a store that has a key
 * @throws ResproutError STORE_IO, JOURNAL_CORRUPT for a row that is not the next one, and what `rows` throws
 */
export async function bringRows(
  disk: Disk,
  runs: string,
  id: string,
  rows: AsyncIterable<JournalRow>,
  seal: SessionSeal | undefined,
): Promise<void> {
  const coming = `${runs}/${COMING}${id}`;
  // What an earlier one that was killed has left.
  disk.remove(coming);
  try {
    const events = await writeRows(coming, rows, seal);
    if (seal !== undefined) makeHead(coming, seal, events);
    setBrought(disk, coming);
    disk.rename(coming, `${runs}/${id}`);
    syncFile(runs);
  } catch (error) {
    disk.remove(coming);
    throw error;
  }
}

/** @returns how many events they hold */
async function writeRows(folder: string, rows: AsyncIterable<JournalRow>, seal: SessionSeal | undefined): Promise<number> {
  const store = openSqliteStore({ folder });
  const journal = seal === undefined ? store : sealedJournal(store, () => seal);
  let events = 0;
  let batch: JournalRow[] = [];
  let bytes = 0;
  const commit = async (): Promise<void> => {
    const lack = journal.lacksFor?.(batch);
    if (lack !== undefined) throw noSpace(folder, lack);
    await journal.append(batch);
    journal.afterAnswer?.();
    batch = [];
    bytes = 0;
  };
  try {
    for await (const row of rows) {
      batch.push(row);
      events += row.count;
      bytes += row.bytes.length;
      if (bytes >= COMMIT_BYTES || batch.length >= COMMIT_ROWS) await commit();
    }
    if (batch.length > 0) await commit();
    return events;
  } finally {
    await journal.close();
  }
}
