import { ResproutError } from '../base/errors.ts';
import type { CancelOptions, ReplayOptions, ResumeOptions, RunResult } from './run-options.ts';

/**
 * Goes on with a session where it was.
 * @throws ResproutError SESSION_MISSING, SESSION_HELD, SESSION_ENDED, JOURNAL_DIVERGED (with a build file; the session is untouched),
 *   JOURNAL_CORRUPT, BUILD_FILE_MISSING, STORE_UNSAFE, STORE_IO
 */
export function resumeSession(options: ResumeOptions): Promise<RunResult> {
  return Promise.reject(new ResproutError('INTERNAL', `resuming ${options.sessionId} is not built yet`));
}

/**
 * Replays a session from its first event to its last. Nothing is appended, opened or called; the owner may be alive.
 * @throws ResproutError SESSION_MISSING, JOURNAL_DIVERGED with both sides, JOURNAL_CORRUPT, BUILD_FILE_MISSING
 */
export function replaySession(options: ReplayOptions): Promise<RunResult> {
  return Promise.reject(new ResproutError('INTERNAL', `replaying ${options.sessionId} is not built yet`));
}

/**
 * Cancels a session: asks its live owner, or becomes the owner, replays, rejects pending calls and runs finally blocks.
 * Resolves when the session has ended. @throws ResproutError SESSION_MISSING, SESSION_ENDED, JOURNAL_CORRUPT
 */
export function cancelSession(options: CancelOptions): Promise<RunResult> {
  return Promise.reject(new ResproutError('INTERNAL', `cancelling ${options.sessionId} is not built yet`));
}
