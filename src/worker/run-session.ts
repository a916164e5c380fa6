import { ResproutError } from '../base/errors.ts';
import type { RunOptions, RunResult } from './run-options.ts';

/**
 * Runs a program durably: builds it, starts it in a runner, owns its journal until it ends, parks or is lost.
 * @throws ResproutError before anything ran: RUN_FILE_MISSING, RUN_NO_ENTRY, RUN_EXPORT_MISSING, TRANSFORM_SYNTAX, TRANSFORM_UNSUPPORTED,
 *   STORE_UNSAFE, SESSION_HELD, SESSION_ENDED, STORE_IO. What goes wrong later is in the result.
 */
export function runSession(options: RunOptions): Promise<RunResult> {
  return Promise.reject(new ResproutError('INTERNAL', `running ${options.file} is not built yet`));
}
