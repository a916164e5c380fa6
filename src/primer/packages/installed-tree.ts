// What an installer left, compared with the lockfile, and what tells later whether it is still there.
import fs from 'node:fs';
import path from 'node:path';
import { lstat } from '../files.ts';

interface Entry {
  readonly place: string;
  /** Undefined for a link to a folder of the repository. */
  readonly version: string | undefined;
  /** Whether it may be missing: optional, and not said to be for this very system. */
  readonly mayMiss: boolean;
}

/** Begins the line of a link. */
const LINK = 'link';

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []);

/** Whether a list such as `["linux", "!arm64"]` takes a name; undefined when it says nothing. */
function takes(list: readonly string[], name: string): boolean | undefined {
  if (list.length === 0) return undefined;
  if (list.includes(`!${name}`)) return false;
  const wanted = list.filter((one) => !one.startsWith('!'));
  return wanted.length === 0 || wanted.includes(name) || wanted.includes('any');
}

function isForHere(entry: Readonly<Record<string, unknown>>): boolean {
  const os = takes(texts(entry['os']), process.platform);
  const cpu = takes(texts(entry['cpu']), process.arch);
  // Which libc this is npm finds out by other ways than ours; what names one may be missing.
  return texts(entry['libc']).length === 0 && os === true && cpu === true;
}

/** The packages of a lockfile that was checked before, in its order. */
function entriesOf(lockfile: string): Entry[] {
  const { packages } = JSON.parse(lockfile) as { packages: Readonly<Record<string, Readonly<Record<string, unknown>>>> };
  return Object.entries(packages)
    .filter(([place, entry]) => place.includes('node_modules/') && entry['inBundle'] !== true)
    .map(([place, entry]) => ({
      place,
      version: entry['link'] === true ? undefined : String(entry['version']),
      mayMiss: (entry['optional'] === true || entry['devOptional'] === true) && !isForHere(entry),
    }));
}

function versionAt(folder: string): string | undefined {
  try {
    const { version } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8')) as { version?: unknown };
    // Some packages call themselves `v1.2.3`; npm reads that as 1.2.3.
    return typeof version === 'string' ? version.trim().replace(/^[v=]+/, '') : undefined;
  } catch {
    return undefined;
  }
}

const isLink = (folder: string, place: string): boolean => lstat(path.join(folder, place))?.isSymbolicLink() === true;

/** Packages that the lockfile names and a tree lacks, or has in another version, as `NAME@VERSION (what is there)`. */
export function missingIn(folder: string, lockfile: string): string[] {
  const missing: string[] = [];
  for (const { place, version, mayMiss } of entriesOf(lockfile)) {
    if (version === undefined) {
      if (!isLink(folder, place)) missing.push(`${place} (no link)`);
      continue;
    }
    const seen = versionAt(path.join(folder, place));
    if (seen === version || (seen === undefined && mayMiss)) continue;
    missing.push(`${place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length)}@${version} (${seen ?? 'not there'})`);
  }
  return missing;
}

/** One line per package of the lockfile that is there: place and size of its manifest. Cheap enough to be looked at on every start. */
export function treeLines(folder: string, lockfile: string): string[] {
  const lines: string[] = [];
  for (const { place, version } of entriesOf(lockfile)) {
    if (version === undefined) {
      lines.push(`${LINK} ${place}`);
      continue;
    }
    const facts = lstat(path.join(folder, place, 'package.json'));
    if (facts !== undefined) lines.push(`${facts.size} ${place}`);
  }
  return lines;
}

/** The first package of such lines that is not as it was; undefined when all are. */
export function changedSince(folder: string, lines: readonly string[]): string | undefined {
  for (const line of lines) {
    const place = line.slice(line.indexOf(' ') + 1);
    if (line.startsWith(LINK)) {
      if (!isLink(folder, place)) return place;
    } else if (place !== '' && lstat(path.join(folder, place, 'package.json'))?.size !== Number(line.slice(0, line.indexOf(' '))))
      return place;
  }
  return undefined;
}

/** A stamp for a tree that another manager made: its key, the size of each manifest, and the links. */
export function treeStamp(root: string, key: string, places: readonly string[], links: readonly string[]): string {
  const sizes = places.reduce<string[]>((all, place) => {
    const facts = lstat(path.join(root, place, 'package.json'));
    return facts === undefined ? all : [...all, `${facts.size} ${place}`];
  }, []);
  return `${[key, ...sizes, ...links.map((place) => `${LINK} ${place}`)].join('\n')}\n`;
}
