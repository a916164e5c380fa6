// The files of a build as they lie in a store: read to go elsewhere, and written when they come from there. What comes is hostile: its names lead
// nowhere but to these files, and nothing that the store has is replaced.
import { parseLateLines, parseManifest, parseTable } from '../../base/builds/build-parse.ts';
import type { BuildManifest, LateFiles } from '../../base/builds/build.ts';
import { ResproutError } from '../../base/errors/errors.ts';
import type { Disk } from '../../base/seams/disk.ts';
import { BUILD_FORMAT } from '../tool-versions.ts';
import { manifestId } from './manifest-id.ts';

/** A file below the folder of builds. */
export interface BuildFile {
  /** `<id>.json`, `<id>.late.jsonl` or `files/<key>/<name>`. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

const TABLE = 'table.json';
const MANIFEST_PATH = /^[0-9a-f]{24}\.json$/;
const LATE_PATH = /^[0-9a-f]{24}\.late\.jsonl$/;
const KEY = /^[0-9a-z]{16}$/;
const ARTEFACT_PATH = /^files\/[0-9a-z]{16}\/(?:lowered\.js|lowered\.js\.map|module\.js|module\.js\.map|shown\.js|table\.json)$/;

/** Whether a path is one of those that builds have. */
export function isBuildPath(path: string): boolean {
  return MANIFEST_PATH.test(path) || LATE_PATH.test(path) || ARTEFACT_PATH.test(path);
}

/** All files of some builds, each once: artefacts by key, the table last, then manifests. @throws ResproutError BUILD_FILE_MISSING, and the system's error */
export function* readBuildFiles(disk: Disk, folder: string, ids: Iterable<string>): Generator<BuildFile> {
  const manifests: BuildFile[] = [];
  const keys = new Set<string>();
  for (const id of ids) {
    const manifest = wanted(disk, folder, `${id}.json`);
    const late = disk.read(`${folder}/${id}.late.jsonl`);
    manifests.push(manifest);
    // A line that a crash has cut off counts for nobody.
    const whole = late?.subarray(0, late.lastIndexOf(10) + 1);
    if (whole !== undefined && whole.length > 0) manifests.push({ path: `${id}.late.jsonl`, bytes: whole });
    for (const key of keysOf(manifestIn(manifest), whole === undefined ? [] : lateIn({ path: `${id}.late.jsonl`, bytes: whole })))
      keys.add(key);
  }
  for (const key of [...keys].sort()) {
    const table = wanted(disk, folder, `files/${key}/${TABLE}`);
    for (const name of [...sizesIn(table).keys()].sort()) yield wanted(disk, folder, `files/${key}/${name}`);
    yield table;
  }
  yield* manifests;
}

/** The builds in files that were brought, every part of them there and right. @throws ResproutError IMPORT_INVALID */
export function checkBuildFiles(files: ReadonlyMap<string, Uint8Array>): ReadonlySet<string> {
  const ids = new Set<string>();
  const used = new Set<string>();
  const take = (path: string): BuildFile => {
    const bytes = files.get(path);
    if (bytes === undefined) throw invalid(`${path} of a build is missing`);
    used.add(path);
    return { path, bytes };
  };
  for (const path of files.keys()) {
    if (!MANIFEST_PATH.test(path)) continue;
    const manifest = parsedOr(path, () => manifestIn(take(path)));
    const id = path.slice(0, -'.json'.length);
    if (manifest.id !== id || (manifest.format === BUILD_FORMAT && manifestId(manifest) !== id))
      throw invalid(`the manifest ${path} is not that of build ${id}`);
    const latePath = `${id}.late.jsonl`;
    const late = files.has(latePath) ? parsedOr(latePath, () => lateIn(take(latePath))) : [];
    for (const key of keysOf(manifest, late)) {
      if (!KEY.test(key)) throw invalid(`the manifest ${path} names a file ${JSON.stringify(key.slice(0, 40))}`);
      const table = take(`files/${key}/${TABLE}`);
      for (const [name, size] of parsedOr(table.path, () => sizesIn(table, key))) {
        if (take(`files/${key}/${name}`).bytes.length !== size) throw invalid(`files/${key}/${name} is not ${String(size)} bytes long`);
      }
    }
    ids.add(id);
  }
  for (const path of files.keys()) if (!used.has(path)) throw invalid(`${path} belongs to no build of it`);
  return ids;
}

/**
 * Writes files that `checkBuildFiles` has passed. What is there stays: it must be the same.
 * @param disk one that syncs: nobody else has the sources @throws ResproutError IMPORT_CONFLICT, and the system's error
 */
export function writeBuildFiles(disk: Disk, folder: string, files: ReadonlyMap<string, Uint8Array>): void {
  // Tables and manifests say that the rest is there: first what they vouch for.
  const rank = (path: string): number => (path.endsWith(`/${TABLE}`) ? 1 : ARTEFACT_PATH.test(path) ? 0 : LATE_PATH.test(path) ? 2 : 3);
  for (const [path, bytes] of [...files].sort(([a], [b]) => rank(a) - rank(b))) {
    const place = `${folder}/${path}`;
    disk.makeFolder(place.slice(0, place.lastIndexOf('/')));
    if (LATE_PATH.test(path)) writeLate(disk, place, bytes);
    else if (!isKept(disk, folder, path, bytes)) disk.writeAtomic(place, bytes);
  }
}

/** Whether the store has a file already, and whole. @throws ResproutError IMPORT_CONFLICT when it has another one */
function isKept(disk: Disk, folder: string, path: string, bytes: Uint8Array): boolean {
  const there = disk.read(`${folder}/${path}`);
  if (there === undefined) return false;
  if (Buffer.compare(there, bytes) === 0) {
    // Used now: a removal of unused builds leaves it alone.
    disk.touch(`${folder}/${path}`);
    return true;
  }
  if (!isWholeInStore(disk, folder, path)) return false;
  throw conflict(`${folder}/${path}`, 'the store has other content under this name');
}

/** What a power cut has torn does not count. */
function isWholeInStore(disk: Disk, folder: string, path: string): boolean {
  try {
    if (MANIFEST_PATH.test(path)) return manifestIn(wanted(disk, folder, path)).id !== '';
    const of = path.slice(0, path.lastIndexOf('/'));
    const sizes = sizesIn(wanted(disk, folder, `${of}/${TABLE}`));
    return [...sizes].every(([name, size]) => disk.stat(`${folder}/${of}/${name}`)?.bytes === size);
  } catch (error) {
    if (error instanceof ResproutError || error instanceof SyntaxError || error instanceof TypeError) return false;
    throw error;
  }
}

/** Adds the lines that are not there: sessions of this store may have added others of theirs. */
function writeLate(disk: Disk, place: string, bytes: Uint8Array): void {
  const there = disk.readText(place) ?? '';
  const kept = there.slice(0, there.lastIndexOf('\n') + 1);
  const known = new Set(kept.split('\n'));
  const targets = new Map(parseLateLines(kept).map((late) => [requestOf(late), late.target]));
  const added = new TextDecoder()
    .decode(bytes)
    .split('\n')
    .filter((line) => line !== '' && !known.has(line));
  for (const late of parseLateLines(added.map((line) => `${line}\n`).join(''))) {
    const target = targets.get(requestOf(late));
    if (target !== undefined && target !== late.target) throw conflict(place, `'${late.specifier}' leads to ${target} in the store`);
  }
  if (added.length === 0) return;
  const text = `${added.join('\n')}\n`;
  if (kept === there && there !== '') disk.append(place, text);
  else disk.writeAtomic(place, kept + text);
}

const requestOf = ({ from, importKind, specifier }: LateFiles): string => `${from}\0${importKind}:${specifier}`;

const textOf = (bytes: Uint8Array): string => new TextDecoder('utf-8', { fatal: true }).decode(bytes);
const manifestIn = ({ bytes }: BuildFile): BuildManifest => parseManifest(JSON.parse(textOf(bytes)));

function lateIn({ path, bytes }: BuildFile): readonly LateFiles[] {
  if (bytes.at(-1) !== 10) throw new TypeError(`${path} does not end with a whole line`);
  return parseLateLines(textOf(bytes));
}

function keysOf(manifest: BuildManifest, late: readonly LateFiles[]): ReadonlySet<string> {
  return new Set([manifest, ...late].flatMap(({ files }) => Object.values(files)));
}

/** The artefacts beside a table, and how long each is. @param key what the table must be of @throws TypeError or SyntaxError */
function sizesIn({ path, bytes }: BuildFile, key?: string): ReadonlyMap<string, number> {
  const content: unknown = JSON.parse(textOf(bytes));
  const table = parseTable(content);
  if (key !== undefined && table.key !== key) throw new TypeError(`${path} is the table of ${table.key}`);
  const sizes: unknown = typeof content === 'object' && content !== null && 'sizes' in content ? content.sizes : undefined;
  if (typeof sizes !== 'object' || sizes === null) throw new TypeError(`${path} has no sizes`);
  const folder = path.slice(0, path.lastIndexOf('/'));
  return new Map(
    Object.entries(sizes).map(([name, size]: [string, unknown]) => {
      if (!ARTEFACT_PATH.test(`${folder}/${name}`) || typeof size !== 'number')
        throw new TypeError(`${path} names ${JSON.stringify(name)}`);
      return [name, size];
    }),
  );
}

function wanted(disk: Disk, folder: string, path: string): BuildFile {
  const bytes = disk.read(`${folder}/${path}`);
  if (bytes !== undefined) return { path, bytes };
  throw new ResproutError('BUILD_FILE_MISSING', `${folder}/${path} is not there`, { tried: `read ${folder}/${path}`, saw: 'no such file' });
}

function parsedOr<T>(path: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof ResproutError) throw error;
    throw invalid(`${path} cannot be read: ${String(error)}`, error);
  }
}

function invalid(saw: string, cause?: unknown): ResproutError {
  const problem = { tried: 'read the builds of an export', saw, kept: 'Nothing was imported' };
  return new ResproutError('IMPORT_INVALID', `the builds in the export are not whole: ${saw}`, problem, { cause });
}

function conflict(place: string, saw: string): ResproutError {
  return new ResproutError('IMPORT_CONFLICT', `${place} cannot be taken from the import: ${saw}`, {
    tried: `write ${place}`,
    saw,
    kept: 'The file is unchanged, and no session was imported',
    do: 'Import into a store of its own: --store DIR',
  });
}
