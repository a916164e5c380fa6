import { statSync } from 'node:fs';
import path from 'node:path';
import { errnoOf } from '../../platform/errno.ts';

/** Names the store's folder: `--store`, else RESPROUT_STORE, else `.resprout` beside the nearest package.json upwards, else in the folder itself. @throws the system's error */
export function storeFolder(given: string | undefined, env: NodeJS.ProcessEnv, cwd: string): string {
  const named = given ?? env['RESPROUT_STORE'];
  if (named !== undefined && named !== '') return path.resolve(cwd, named);
  for (let folder = cwd; ; folder = path.dirname(folder)) {
    if (isThere(path.join(folder, 'package.json'))) return path.join(folder, '.resprout');
    if (folder === path.dirname(folder)) return path.join(cwd, '.resprout');
  }
}

/** A folder that this user may not enter is none of the project's. What else cannot be looked at is an error: another store would be taken. */
function isThere(file: string): boolean {
  try {
    return statSync(file, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    if (errnoOf(error) === 'EACCES') return false;
    throw error;
  }
}
