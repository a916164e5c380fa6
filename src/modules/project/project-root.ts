import { dirname, join } from 'node:path';
import type { Disk } from '../../base/seams/disk.ts';

/** Folder of the nearest package.json above a file; the file's own folder without one. */
export function projectRoot(disk: Disk, file: string): string {
  for (let at = dirname(file); ; at = dirname(at)) {
    if (disk.stat(join(at, 'package.json'))?.isFile === true) return at;
    if (at === dirname(at)) return dirname(file);
  }
}
