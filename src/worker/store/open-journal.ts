import { noSpace, spaceLack } from '../../durable/engines/index.ts';
import { realClock } from '../../platform/time/clock.ts';
import { SpaceWait, waitForSpace } from '../owner/space-wait.ts';
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

/** Returns when the disk of a folder has room for a session to go on. @throws ResproutError STORE_IO when it stays full for a minute */
export async function spaceIn(folder: string, { observer, control }: Pick<SessionOptions, 'observer' | 'control'>): Promise<void> {
  const wait = new SpaceWait(realClock, observer);
  const lack = await waitForSpace(
    () => spaceLack(folder, 0),
    wait,
    () => (control?.parks ?? 0) === 0,
  );
  if (lack !== undefined) throw noSpace(folder, lack);
}
