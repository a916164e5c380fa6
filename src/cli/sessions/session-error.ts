import { ResproutError } from '../../base/errors/errors.ts';
import { openStore, readSession, type SessionRecord } from '../../worker/index.ts';
import { errorInProject } from './absolute-place.ts';

/**
 * An error of a session as a person needs it: its place names the file itself, and a build that does not repeat the history is no
 * misfortune, since the recorded one still goes on.
 * @param program a file of the project. @param isBuild whether --build was given
 */
export function sessionError(error: Error, sessionId: string, program: string | undefined, isBuild: boolean): Error {
  const placed = program === undefined ? error : errorInProject(error, program);
  if (!isBuild || !(placed instanceof ResproutError) || placed.code !== 'JOURNAL_DIVERGED') return placed;
  const cure = `Undo the change, or go on with the recorded build: resprout resume ${sessionId}`;
  return new ResproutError(placed.code, placed.message, { ...placed.problem, do: cure }, { cause: error });
}

/** A session as it is now; undefined when it cannot be read, which another error tells better. */
export async function recordOf(storeFolder: string, sessionId: string): Promise<SessionRecord | undefined> {
  try {
    return await readSession(openStore({ folder: storeFolder, create: false }), sessionId);
  } catch {
    // Asked only to name a place in an error that is shown anyway.
    return undefined;
  }
}
