import { ResproutError } from '../base/errors.ts';

/** A build given with --build that does not repeat the history is no misfortune: the recorded one still goes on. */
export function withBuildCure(error: Error, sessionId: string): Error {
  if (!(error instanceof ResproutError) || error.code !== 'JOURNAL_DIVERGED') return error;
  const cure = `Undo the change, or go on with the recorded build: resprout resume ${sessionId}`;
  return new ResproutError(error.code, error.message, { ...error.problem, do: cure }, { cause: error });
}
