// Brings a complete tree to its place. By rename where that works; in layers of containers, on volumes and across file systems what is
// inside is replaced instead, the stamp first to go and last to come: whatever happens between, nobody takes a half for a whole.
import fs from 'node:fs';
import path from 'node:path';
import { lstat, namesIn, removeTree } from '../files.ts';
import { systemCode } from '../problem.ts';

/** What systems answer that do not move this folder, though they may move or write others. */
const IMMOVABLE = ['EXDEV', 'EBUSY', 'EPERM', 'EACCES', 'ENOTSUP', 'EINVAL', 'ENOTEMPTY'];

function moves(from: string, to: string): boolean {
  try {
    fs.renameSync(from, to);
    return true;
  } catch (error) {
    if (IMMOVABLE.includes(systemCode(error) ?? '')) return false;
    throw error;
  }
}

/** By rename, else by copying with links as they are. */
function bring(from: string, to: string): void {
  if (moves(from, to)) return;
  removeTree(to);
  fs.cpSync(from, to, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
}

function replaceInside(fresh: string, place: string, stamp: string): void {
  removeTree(path.join(place, stamp));
  for (const name of namesIn(place)) removeTree(path.join(place, name));
  for (const name of namesIn(fresh)) if (name !== stamp) bring(path.join(fresh, name), path.join(place, name));
  bring(path.join(fresh, stamp), path.join(place, stamp));
}

/**
 * Puts the folder `fresh` at `place`; what was there goes to `old`, or is removed.
 * @param stamp the file in `fresh` that vouches for it
 */
export function placeTree(fresh: string, place: string, old: string, stamp: string): void {
  const isThere = lstat(place) !== undefined;
  if (isThere && lstat(place)?.isDirectory() !== true) removeTree(place);
  else if (isThere && !moves(place, old)) return replaceInside(fresh, place, stamp);
  if (moves(fresh, place)) return;
  fs.mkdirSync(place, { recursive: true });
  replaceInside(fresh, place, stamp);
}
