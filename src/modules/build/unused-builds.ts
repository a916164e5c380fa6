// Removes builds that nothing needs any more, while others may be building beside it.
//   U1. What was used within a day stays: whoever uses a file or a manifest that is there says so by its time (build-store.ts), and whoever
//       has just built has not recorded yet that it needs it.
//   U2. Each is given another name before it is removed, and looked at again: one that was used in between goes back.
//   U3. Files go only when every manifest that is left could be read, and none names them.
import { parseLateLines, parseManifest } from '../../base/builds/build-parse.ts';
import type { Disk } from '../../base/seams/disk.ts';
import type { Random } from '../../base/seams/random.ts';

export interface UnusedBuildsOptions {
  readonly disk: Disk;
  readonly random: Random;
  readonly folder: string;
  /** Ids of builds that stay. */
  readonly needed: ReadonlySet<string>;
  readonly nowMs: number;
}

const USED_MS = 24 * 3_600_000;
const TABLE = 'table.json';
const MANIFEST = '.json';
const LATE = '.late.jsonl';
const GONE = '.gone-';

/** Removes the builds of a folder that nobody needs, and the files that were theirs alone. @returns how many builds went */
export function removeUnusedBuilds(options: UnusedBuildsOptions): number {
  const { disk, folder, needed } = options;
  const names = disk.list(folder) ?? [];
  const ids = names.filter((name) => name.endsWith(MANIFEST)).map((name) => name.slice(0, -MANIFEST.length));
  const removed = ids.filter((id) => !needed.has(id) && takeAway(options, `${folder}/${id}${MANIFEST}`, ''));
  for (const id of removed) disk.remove(`${folder}/${id}${LATE}`);
  const hasLeft = names.some((name) => name.startsWith(GONE));
  if (removed.length > 0 || hasLeft) removeFiles(options);
  // What a removal that was killed has left.
  for (const name of names) if (name.startsWith(GONE)) disk.remove(`${folder}/${name}`);
  return removed.length;
}

function removeFiles(options: UnusedBuildsOptions): void {
  const { disk, folder } = options;
  const named = namedFiles(options);
  if (named === undefined) return;
  for (const key of disk.list(`${folder}/files`) ?? []) if (!named.has(key)) takeAway(options, `${folder}/files/${key}`, `/${TABLE}`);
}

/** Keys of the files of all builds that are left; undefined when a manifest cannot be read. */
function namedFiles({ disk, folder }: UnusedBuildsOptions): ReadonlySet<string> | undefined {
  const keys = new Set<string>();
  try {
    for (const name of disk.list(folder) ?? []) {
      const isLate = name.endsWith(LATE);
      if (name.startsWith(GONE) || !(isLate || name.endsWith(MANIFEST))) continue;
      const text = disk.readText(`${folder}/${name}`) ?? '';
      const builds = isLate ? parseLateLines(text) : [parseManifest(JSON.parse(text))];
      for (const { files } of builds) for (const key of Object.values(files)) keys.add(key);
    }
  } catch {
    return undefined;
  }
  return keys;
}

/** Removes a path whose `stamp` (a file in it, or itself) nobody has used for a day. Whether it went. */
function takeAway({ disk, random, folder, nowMs }: UnusedBuildsOptions, path: string, stamp: string): boolean {
  const isUsed = (at: string): boolean => nowMs - ((disk.stat(`${at}${stamp}`) ?? disk.stat(at))?.modifiedMs ?? nowMs) < USED_MS;
  if (isUsed(path)) return false;
  const away = `${folder}/${GONE}${[...random.bytes(6)].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
  disk.rename(path, away);
  if (isUsed(away) && disk.stat(path) === undefined) {
    disk.rename(away, path);
    return false;
  }
  disk.remove(away);
  return true;
}
