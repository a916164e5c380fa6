// What is below a root: files, folders and links, in an order in which they can be made.
import { constants } from 'node:fs';
import { lstat, open, readdir, readlink, stat } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import { isResproutError } from '../../../base/errors/errors.ts';
import { fileError, unlessMissing, withFile } from './file-errors.ts';
import { hashBeginning, newHash } from './hashes.ts';
import { MOST_ENTRIES, type Entry, type Listing, type Skipped } from './entries.ts';
import { wholePath } from './paths.ts';

/** Entries of one step. */
const STEP = 500;

const kindOf = (facts: Stats): Entry['kind'] | undefined =>
  facts.isFile() ? 'file' : facts.isDirectory() ? 'folder' : facts.isSymbolicLink() ? 'link' : undefined;

function specialKind(facts: Stats): string {
  if (facts.isFIFO()) return 'it is a named pipe';
  if (facts.isSocket()) return 'it is a socket';
  return 'it is a device';
}

/** A name that is no text cannot be told to the other side as it is. */
function nameOf(bytes: Buffer): string | undefined {
  const name = bytes.toString();
  return Buffer.from(name).equals(bytes) ? name : undefined;
}

async function hashOf(path: string): Promise<string> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const hash = newHash();
    await hashBeginning(hash, file, Number.MAX_SAFE_INTEGER);
    return hash.digest('hex');
  } finally {
    await file.close();
  }
}

/** The entry of a path; undefined for what is neither file nor folder nor link. */
export async function entryOf(path: string, entry: string, facts: Stats, withHash: boolean): Promise<Entry | undefined> {
  const kind = kindOf(facts);
  if (kind === undefined) return undefined;
  return {
    path: entry,
    kind,
    mode: facts.mode & 0o777,
    bytes: kind === 'file' ? facts.size : 0,
    modifiedMs: facts.mtimeMs,
    ...(kind === 'link' ? { target: await withFile('read the link', path, () => readlink(path)) } : {}),
    ...(kind === 'file' && withHash ? { hash: await withFile('read', path, () => hashOf(path)) } : {}),
  };
}

/**
 * Lists a file, or a folder with everything below it. The root itself may be a link to either.
 * @param withHash whether the hashes of files are told
 * @throws ResproutError FILE_MISSING, FILE_DENIED, FILE_KIND, FILE_TOO_LARGE, FILE_IO
 */
export async function* list(given: string, withHash: boolean): AsyncGenerator<Listing> {
  const root = wholePath(given);
  const facts = await withFile('read', root, () => stat(root));
  const first = await entryOf(root, '', facts, withHash);
  if (first === undefined) throw fileError('FILE_KIND', 'copy', root, specialKind(facts));
  let entries: Entry[] = [first];
  let skipped: Skipped[] = [];
  const folders = first.kind === 'folder' ? [''] : [];
  let count = 1;
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const place = folder === '' ? root : `${root}/${folder}`;
    for (const bytes of await withFile('list', place, () => readdir(place, { encoding: 'buffer' }))) {
      const name = nameOf(bytes);
      const path = folder === '' ? (name ?? bytes.toString()) : `${folder}/${name ?? bytes.toString()}`;
      const found = name === undefined ? 'its name is not UTF-8' : await look(`${root}/${path}`, path, withHash);
      if (typeof found === 'string') skipped.push({ path, why: found });
      else if (found !== undefined) entries.push(found);
      if (typeof found === 'object' && found.kind === 'folder') folders.push(path);
      if (++count > MOST_ENTRIES) throw fileError('FILE_TOO_LARGE', 'copy', root, `it holds more than ${MOST_ENTRIES} files`);
      if (entries.length + skipped.length < STEP) continue;
      yield { entries, skipped };
      [entries, skipped] = [[], []];
    }
  }
  yield { entries, skipped };
}

/** One path below the root: its entry, why it is not carried, or undefined when it went away meanwhile. */
async function look(place: string, path: string, withHash: boolean): Promise<Entry | string | undefined> {
  const facts = await unlessMissing('read', place, () => lstat(place));
  if (facts === undefined) return undefined;
  try {
    return (await entryOf(place, path, facts, withHash)) ?? specialKind(facts);
  } catch (thrown) {
    if (isResproutError(thrown) && thrown.code === 'FILE_MISSING') return undefined;
    throw thrown;
  }
}
