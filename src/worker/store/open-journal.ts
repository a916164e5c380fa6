import type { JournalStore } from '../../durable/journal/journal-store.ts';
import type { SessionStore } from '../../durable/journal/sessions/session-store.ts';
import type { SessionOptions } from '../run-options.ts';

/** Opens the journal of a session for its owner, and fences whoever had it. @throws ResproutError STORE_UNSAFE, STORE_IO, JOURNAL_CORRUPT */
export async function openJournal(
  sessions: SessionStore,
  sessionId: string,
  { wrapStore }: Pick<SessionOptions, 'wrapStore'>,
): Promise<JournalStore> {
  const journal = await sessions.open(sessionId);
  return (await wrapStore?.(journal)) ?? journal;
}
