import { resumeWith } from './resume-session.ts';
import { tailOf } from '../store/journal-events.ts';
import type { CancelOptions, RunResult } from '../run-options.ts';
import { endedResult } from '../run-result.ts';
import { openStore } from '../store/store.ts';

/**
 * Cancels a session: asks its live owner, or becomes the owner, replays, rejects pending calls and runs finally blocks.
 * Resolves when the session has ended. @throws ResproutError SESSION_MISSING, SESSION_ENDED, JOURNAL_CORRUPT, SESSION_HELD
 * when the owner does not answer
 */
export async function cancelSession(options: CancelOptions): Promise<RunResult> {
  const { sessionId } = options;
  const { sessions } = openStore({ folder: options.storeFolder, create: false });
  if (options.takeOver !== true && (await sessions.has(sessionId))) {
    const owner = await sessions.request(sessionId, 'cancel');
    if (owner !== undefined) {
      options.spawnedRunner?.close();
      await owner.gone;
      const { count, last } = await tailOf(sessions.read(sessionId));
      // An owner that went away without an end: the session is ours to cancel.
      if (last?.t === 'end') return endedResult({ sessionId, events: count, replayed: 0 }, last);
      return await resumeWith({ ...options, spawnedRunner: undefined }, true);
    }
  }
  return await resumeWith(options, true);
}
