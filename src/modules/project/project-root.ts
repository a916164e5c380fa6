import { dirname, join } from 'node:path';
import type { Disk } from '../../base/seams/disk.ts';
import { findLockfile } from './lockfile.ts';

/** Folder of the nearest package.json above a file; the file's own folder without one. */
export function projectRoot(disk: Disk, file: string): string {
  for (let at = dirname(file); ; at = dirname(at)) {
    if (disk.stat(join(at, 'package.json'))?.isFile === true) return at;
    if (at === dirname(at)) return dirname(file);
  }
}

/** The folder that holds the whole project: that of the lockfile above (workspaces share one), else the root itself. */
export function workspaceRoot(disk: Disk, root: string): string {
  const lockfile = findLockfile(disk, root);
  if (lockfile === undefined) return root;
  const folder = dirname(lockfile);
  return folder === dirname(folder) ? root : folder;
}
