import { ResproutError } from '../../base/errors/errors.ts';
import { openStore, readSession, type SessionRecord } from '../../worker/index.ts';
import { errorInProject } from './absolute-place.ts';

/** Of which session an error is. */
export interface ErrorOf {
  readonly sessionId: string;
  /** A file of the project. */
  readonly program: string | undefined;
  /** Whether --build was given. */
  readonly isBuild: boolean;
  /** Whether the session was to go on from an earlier point. */
  readonly isRetry?: boolean | undefined;
}

/**
 * An error of a session as a person needs it: its place names the file itself, and a build that does not repeat the history is no
 * misfortune, since the recorded one still goes on.
 */
export function sessionError(error: Error, { sessionId, program, isBuild, isRetry = false }: ErrorOf): Error {
  const placed = program === undefined ? error : errorInProject(error, program);
  if (!isBuild || !(placed instanceof ResproutError) || placed.code !== 'JOURNAL_DIVERGED') return placed;
  const resume = `resprout resume ${sessionId}`;
  const cure = isRetry
    ? `Undo the change above the line that failed, or go further back: ${resume} --retry --build FILE --from EVENT, resprout show ${sessionId} --events has the numbers`
    : `Undo the change, or go on with the recorded build: ${resume}`;
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
