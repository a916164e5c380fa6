import { ResproutError, codeOf } from '../../base/errors/errors.ts';
import type { JournalRow } from '../journal/journal-store.ts';

/**
 * Checks that rows which are brought are those that a store has of the session already, the last one too.
 * @throws ResproutError IMPORT_CONFLICT, and what `given` throws
 */
export async function checkSameRows(id: string, kept: AsyncIterable<JournalRow>, given: AsyncIterable<JournalRow>): Promise<void> {
  const mine = kept[Symbol.asyncIterator]();
  try {
    for await (const row of given) {
      const next = await nextOf(id, mine);
      if (next === undefined)
        throw conflict(id, `the import goes on after event ${row.firstSeq - 1}, where the store's session is at its end`);
      if (!isSame(row, next)) throw conflict(id, `other events from number ${row.firstSeq} on`);
    }
    const more = await nextOf(id, mine);
    if (more !== undefined) throw conflict(id, `the store's session goes on after event ${more.firstSeq - 1}, where the import ends`);
  } finally {
    await mine.return?.();
  }
}

async function nextOf(id: string, rows: AsyncIterator<JournalRow>): Promise<JournalRow | undefined> {
  try {
    const next = await rows.next();
    return next.done === true ? undefined : next.value;
  } catch (error) {
    if (codeOf(error) === 'JOURNAL_CORRUPT') throw conflict(id, "the store's journal of it does not pass its checks");
    throw error;
  }
}

function isSame(one: JournalRow, other: JournalRow): boolean {
  if (one.firstSeq !== other.firstSeq || one.count !== other.count || one.bytes.length !== other.bytes.length) return false;
  return one.bytes.every((byte, index) => byte === other.bytes[index]);
}

function conflict(id: string, saw: string): ResproutError {
  return new ResproutError('IMPORT_CONFLICT', `the store has another session ${id}: ${saw}`, {
    tried: `import ${id}`,
    saw,
    kept: 'The session of the store is unchanged',
    do: `Keep it, or remove it with resprout rm ${id} and import again; --store names another store`,
  });
}
