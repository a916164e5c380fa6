import { homedir } from 'node:os';
import path from 'node:path';
import { fileError } from './file-errors.ts';

/** A path as a person writes it: from the working folder on, `~/` is the home of the user. */
export function wholePath(given: string): string {
  if (given === '~' || given.startsWith('~/')) return path.join(homedir(), given.slice(1));
  return path.resolve(given);
}

/**
 * The place of an entry below a root. The other side names it: nothing above the root, and no name that means something else here.
 * @throws ResproutError FILE_UNSAFE
 */
export function placeOf(root: string, entry: string): string {
  if (entry === '') return root;
  const isSafe = entry.split('/').every((name) => name !== '' && name !== '.' && name !== '..' && !name.includes('\0'));
  if (!isSafe) throw fileError('FILE_UNSAFE', 'take', entry, 'it would lie outside of the folder that is copied to');
  return `${root}/${entry}`;
}

/** The path of the folder that an entry lies in; undefined for the root. */
export function parentOf(entry: string): string | undefined {
  if (entry === '') return undefined;
  return entry.slice(0, Math.max(0, entry.lastIndexOf('/')));
}
