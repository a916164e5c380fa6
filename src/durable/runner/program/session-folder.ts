import { ResproutError } from '../../../base/errors/errors.ts';
import { enterFolder, enterNowhere } from '../../../platform/process/working-folder.ts';
import type { StartMessage } from '../../journal/runner/runner-messages.ts';

/**
 * Goes to the folder in which the session began. A replay does nothing in it, so for one it need not be there.
 * @throws ResproutError SESSION_FOLDER_MISSING
 */
export function enterSessionFolder({ session, folder, mode }: StartMessage): void {
  const problem = enterFolder(folder);
  if (problem === undefined) return;
  if (mode === 'replay') return enterNowhere();
  throw new ResproutError(
    'SESSION_FOLDER_MISSING',
    `the folder of the session cannot be entered: ${folder}`,
    { tried: `run ${session} in ${folder}`, saw: problem.message, kept: `${session} is as it was` },
    { cause: problem },
  );
}
