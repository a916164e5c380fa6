// Which Node a folder wants, read where it already says so. The first of these files that says something wins, whatever the others say.
import path from 'node:path';
import { readText } from '../files.ts';
import { parseRange, type VersionRange } from '../machine/version-range.ts';
import { PrimeError } from '../problem.ts';
import { lineOfKey } from './json-place.ts';

/** What a folder says of its Node. */
export interface WantedNode extends VersionRange {
  /** Where it says so, as FILE or FILE:LINE; undefined when nothing does, and any Node will do. */
  readonly from: string | undefined;
  /** Where it was looked for, the nearest first. */
  readonly folders: readonly string[];
}

/** A word on Node, and where it stands as FILE:LINE. */
export interface Found {
  readonly text: string;
  readonly at: string;
}

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};

function ofPlainFile(root: string, name: string): Found | undefined {
  const text = readText(path.join(root, name));
  const lines = (text ?? '').split('\n').map((line) => line.replace(/#.*/, '').trim());
  const at = lines.findIndex((line) => line !== '');
  return at === -1 ? undefined : { text: lines[at] ?? '', at: `${path.join(root, name)}:${at + 1}` };
}

function ofToolVersions(root: string): Found | undefined {
  const file = path.join(root, '.tool-versions');
  const lines = (readText(file) ?? '').split('\n');
  const at = lines.findIndex((line) => /^nodejs\s/.test(line));
  return at === -1 ? undefined : { text: (lines[at] ?? '').trim().split(/\s+/)[1] ?? '', at: `${file}:${at + 1}` };
}

/** From `volta.node`, `devEngines.runtime` or `engines.node`. A manifest that cannot be read is complained of by who needs more of it. */
function ofManifest(root: string): readonly Found[] {
  const file = path.join(root, 'package.json');
  const text = readText(file);
  if (text === undefined) return [];
  let manifest: Readonly<Record<string, unknown>>;
  try {
    manifest = record(JSON.parse(text));
  } catch {
    return [];
  }
  const runtimes: readonly unknown[] = [record(manifest['devEngines'])['runtime']].reduce<unknown[]>(
    (all, one) => (Array.isArray(one) ? [...all, ...(one as unknown[])] : [...all, one]),
    [],
  );
  const runtime = record(runtimes.find((one) => record(one)['name'] === 'node'));
  const places: readonly (readonly [unknown, readonly string[]])[] = [
    [record(manifest['volta'])['node'], ['volta', 'node']],
    [runtime['version'], ['devEngines', 'runtime', 'version']],
    [record(manifest['engines'])['node'], ['engines', 'node']],
  ];
  return places.reduce<Found[]>(
    (all, [value, keys]) =>
      typeof value === 'string' && value.trim() !== '' ? [...all, { text: value, at: `${file}:${lineOfKey(text, keys)}` }] : all,
    [],
  );
}

const inFolder = (folder: string): readonly Found[] =>
  [ofPlainFile(folder, '.node-version'), ofPlainFile(folder, '.nvmrc'), ofToolVersions(folder), ...ofManifest(folder)].filter(
    (one): one is Found => one !== undefined,
  );

/** All places that say something of Node, the one that counts first. @param folders the nearest first */
export const wordsOfNode = (folders: readonly string[]): readonly Found[] =>
  folders.reduce<readonly Found[]>((all, folder) => [...all, ...inFolder(folder)], []);

/** Reads it. @param folders the nearest first @throws PrimeError PRIME_CONFIG_INVALID where the first that says something says what cannot be understood */
export function readWantedNode(folders: readonly string[]): WantedNode {
  let found: Found | undefined;
  // Most have it in the first file that is looked at.
  for (const folder of folders)
    found ??= ofPlainFile(folder, '.node-version') ?? ofPlainFile(folder, '.nvmrc') ?? ofToolVersions(folder) ?? ofManifest(folder)[0];
  const range = parseRange(found?.text ?? '*');
  if (range === undefined)
    throw new PrimeError('PRIME_CONFIG_INVALID', `«${found?.text ?? ''}» names no release of Node that can be told without network`, {
      at: found?.at ?? folders[0] ?? '',
      do: 'Write a version or a range there, such as 26.10.0, 22 or >=20.17 (./prime pin 26 writes .node-version)',
    });
  return { ...range, from: found?.at, folders };
}
