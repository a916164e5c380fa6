// What a watcher has seen of its path: enough to tell after a crash what changed while nobody watched.
import { basename, join } from 'node:path';
import { real } from '../real-fs.ts';

/** Entries by their name as the watcher tells it, each with a mark that changes when it does. In the journal: what is read of it is parsed. */
export type Seen = ReadonlyMap<string, string>;

/** Above this many entries a look would take too long, and what is missed is only said. */
const MOST = 4096;

/** A mark of one entry; undefined when it is not there. */
function markOf(file: string): string | undefined {
  try {
    const { mtimeNs, ctimeNs, size, ino } = real.lstatSync(file, { bigint: true });
    return `${mtimeNs}:${ctimeNs}:${size}:${ino}`;
  } catch {
    // Gone, or not to be looked at: as if it were not there.
    return undefined;
  }
}

/** The mark of what a watcher has told of. @param path what is watched */
export function markIn(path: string, name: string): string | undefined {
  return markOf(join(path, name)) ?? (basename(path) === name ? markOf(path) : undefined);
}

/** Looks at all that a watcher of this path tells of; undefined when that is too much, or nothing can be seen. */
export function look(path: string, isRecursive: boolean): Seen | undefined {
  const seen = new Map<string, string>();
  const add = (name: string, file: string): void => {
    const mark = markOf(file);
    if (mark !== undefined) seen.set(name, mark);
  };
  try {
    if (!real.statSync(path).isDirectory()) {
      add(basename(path), path);
      return seen;
    }
    const folders = [''];
    for (let folder = folders.pop(); folder !== undefined; folder = folders.pop())
      for (const entry of real.readdirSync(join(path, folder), { withFileTypes: true })) {
        const name = join(folder, entry.name);
        add(name, join(path, name));
        if (seen.size > MOST) return undefined;
        if (isRecursive && entry.isDirectory()) folders.push(name);
      }
    return seen;
  } catch {
    return undefined;
  }
}

/** What a watcher would have told if it had been there: each entry that came, went or changed. */
export function missed(before: Seen, now: Seen): readonly (readonly [type: 'rename' | 'change', name: string, mark: string | undefined])[] {
  const names = [...new Set([...before.keys(), ...now.keys()])].sort();
  return names.flatMap((name) => {
    const [was, is] = [before.get(name), now.get(name)];
    if (was === is) return [];
    return [[was === undefined || is === undefined ? 'rename' : 'change', name, is] as const];
  });
}

/** A look as it stands in the journal. @throws TypeError */
export function parseSeen(value: unknown): Map<string, string> | undefined {
  if (value === undefined) return undefined;
  if (!(value instanceof Map)) throw new TypeError('what a watcher has seen is no map');
  const entries = [...value] as [unknown, unknown][];
  return new Map(entries.map(([name, mark]) => [String(name), String(mark)]));
}
