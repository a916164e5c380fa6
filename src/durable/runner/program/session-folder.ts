import { ResproutError } from '../../../base/errors/errors.ts';
import { enterFolder } from '../../../platform/process/working-folder.ts';
import type { StartMessage } from '../../journal/runner/runner-messages.ts';

/** A folder that is always there. Threads of Node do not start in one that is no more. */
const ANYWHERE = '/';

/**
 * Goes to the folder in which the session began. A replay does nothing in it, so for one it need not be there: it stands anywhere.
 * @throws ResproutError SESSION_FOLDER_MISSING
 */
export function enterSessionFolder({ session, folder, mode }: StartMessage): void {
  const problem = enterFolder(folder);
  if (problem === undefined) return;
  if (mode === 'replay' && enterFolder(ANYWHERE) === undefined) return;
  throw new ResproutError(
    'SESSION_FOLDER_MISSING',
    `the folder of the session cannot be entered: ${folder}`,
    { tried: `run ${session} in ${folder}`, saw: problem.message, kept: `${session} is as it was` },
    { cause: problem },
  );
}
