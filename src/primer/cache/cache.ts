// The folder for Node, npm and npm's own cache: one per user, shared by all clones. Private: nobody else could put a Node there.
import fs from 'node:fs';
import path from 'node:path';
import { lstat, makeFolder } from '../files.ts';
import { homeOf } from '../machine/home.ts';

const CACHE_NAME = 'prime';

/** Where the cache is for this user: below XDG_CACHE_HOME when it is absolute, else below ~/.cache; undefined without a home. Touches nothing. */
export function userCache(env: NodeJS.ProcessEnv): string | undefined {
  const xdg = env['XDG_CACHE_HOME'];
  if (xdg !== undefined && path.isAbsolute(xdg)) return path.join(xdg, CACHE_NAME);
  const home = homeOf(env);
  return home === undefined ? undefined : path.join(home, '.cache', CACHE_NAME);
}

/** Why a folder cannot be trusted as ours; undefined when it can or is not there. */
export function whyUnsafe(folder: string): string | undefined {
  const facts = lstat(folder);
  if (facts === undefined) return undefined;
  if (!facts.isDirectory()) return 'it is not a folder';
  if (typeof process.getuid === 'function' && facts.uid !== process.getuid()) return 'it belongs to another user';
  return (facts.mode & 0o022) === 0 ? undefined : 'others may write to it';
}

/** The cache to use now: the user's own, else (unsafe, not writable) one inside the clone. Creates nothing. */
export function chooseCache(env: NodeJS.ProcessEnv, stateFolder: string): { readonly folder: string; readonly note?: string } {
  const folder = userCache(env);
  const inside = path.join(stateFolder, 'cache');
  if (folder === undefined) return { folder: inside, note: 'this user has no home, so the cache is in the clone' };
  const unsafe = whyUnsafe(folder);
  if (unsafe !== undefined) return { folder: inside, note: `${folder} is not used: ${unsafe}` };
  let existing = folder;
  while (lstat(existing) === undefined && path.dirname(existing) !== existing) existing = path.dirname(existing);
  try {
    fs.accessSync(existing, fs.constants.W_OK | fs.constants.X_OK);
    return { folder };
  } catch {
    return { folder: inside, note: `${folder} is not used: it cannot be written` };
  }
}

/** Makes a folder below the cache, private from the start. */
export function makePrivate(folder: string): void {
  makeFolder(folder, 0o700);
}

/** npm's own cache within ours: packages and what the registry says of them. */
export const npmCache = (cache: string): string => path.join(cache, 'npm-cache');
