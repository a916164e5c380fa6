// Seals sessions that were recorded before the store had a key.
import { codeOf, ResproutError } from '../../base/errors/errors.ts';
import { inStore } from '../../platform/system-error.ts';
import type { Store } from './store.ts';

/**
 * Seals what a session has recorded so far: its journal, what it printed, what lists keep of it. What it records later is sealed too.
 * @returns false when it is sealed already, or has recorded nothing
 * @throws ResproutError SESSION_MISSING, SESSION_HELD when a process runs it, SEAL_KEY_MISSING, SEAL_KEY_UNSAFE, SEAL_KEY_WRONG, JOURNAL_CORRUPT, STORE_IO
 */
export async function sealSession({ sessions, folder }: Store, sessionId: string, command: string): Promise<boolean> {
  return await inStore(folder, async () => {
    const claim = await sessions.claim(sessionId, { command, mustExist: true }).catch((error: unknown) => {
      throw codeOf(error) === 'SESSION_HELD' && error instanceof ResproutError ? held(error, sessionId) : error;
    });
    try {
      return (await sessions.seal?.(sessionId)) ?? false;
    } finally {
      await claim.release();
    }
  });
}

function held({ message, problem }: ResproutError, sessionId: string): ResproutError {
  return new ResproutError('SESSION_HELD', message, {
    ...problem,
    tried: `seal ${sessionId}`,
    kept: 'It goes on as it is, in the clear',
    do: 'Let it end or park it, then run the command again',
  });
}
