import { existsSync } from 'node:fs';
import path from 'node:path';

/** Names the store's folder: `--store`, else RESPROUT_STORE, else `.resprout` beside the nearest package.json upwards, else in the folder itself. */
export function storeFolder(given: string | undefined, env: NodeJS.ProcessEnv, cwd: string): string {
  const named = given ?? env['RESPROUT_STORE'];
  if (named !== undefined && named !== '') return path.resolve(cwd, named);
  for (let folder = cwd; ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, 'package.json'))) return path.join(folder, '.resprout');
    if (folder === path.dirname(folder)) return path.join(cwd, '.resprout');
  }
}
