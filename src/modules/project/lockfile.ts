import { dirname, join } from 'node:path';
import type { Disk } from '../../base/seams/disk.ts';
import { shortHash } from '../../platform/keyed-hash.ts';

const NAMES = ['package-lock.json', 'npm-shrinkwrap.json', 'pnpm-lock.yaml', 'yarn.lock', 'bun.lock'];

/** The lockfile that rules a folder: in it or in the nearest folder above (workspaces); undefined without one. */
export function findLockfile(disk: Disk, folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const name = NAMES.find((candidate) => disk.stat(join(at, candidate))?.isFile === true);
    if (name !== undefined) return join(at, name);
    if (at === dirname(at)) return undefined;
  }
}

/** Hash of the lockfile that rules a folder; empty without one. */
export function lockfileHash(disk: Disk, folder: string): string {
  const file = findLockfile(disk, folder);
  const text = file === undefined ? undefined : disk.readText(file);
  return text === undefined ? '' : shortHash(text, 32);
}
