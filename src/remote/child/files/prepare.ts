// The receiving side before the bytes: compares what is there with what will come, makes folders and links, removes what must go.
// Invariant: nothing is made or removed outside of the root, whatever the other side lists: each parent is a folder that was seen here, never a link.
import type { Stats } from 'node:fs';
import { chmod, lstat, mkdir, readdir, realpath, rename, rm, symlink, unlink, utimes } from 'node:fs/promises';
import path from 'node:path';
import { fileError, unlessMissing, withFile } from './file-errors.ts';
import { MOST_ENTRIES, type Entry, type Listing, type Prepared, type PrepareOptions } from './entries.ts';
import { entryOf } from './list.ts';
import { abandonedPart, partsIn, WORTH_KEEPING_BYTES } from './parts.ts';
import { parentOf, placeOf, wholePath } from './paths.ts';

/** Where a root is copied to: links to it are followed. @throws ResproutError FILE_MISSING when its folder is not there */
export async function rootOf(given: string): Promise<string> {
  const root = wholePath(given);
  const real = await unlessMissing('find', root, () => realpath(root));
  if (real !== undefined) return real;
  const folder = path.dirname(root);
  return path.join(await withFile('find the folder', folder, () => realpath(folder)), path.basename(root));
}

/** File systems keep times in steps of their own; none that matters here has longer ones. */
const isSameTime = (aMs: number, bMs: number): boolean => Math.abs(aMs - bMs) < 1;

const isSameKind = (facts: Stats, kind: Entry['kind']): boolean =>
  kind === 'file' ? facts.isFile() : kind === 'folder' ? facts.isDirectory() : facts.isSymbolicLink();

/** One preparation. */
class Preparing {
  readonly root: string;
  readonly #options: PrepareOptions;
  readonly #folders = new Set<string>();
  readonly #paths = new Set<string>();
  readonly #wanted: Prepared['wanted'][number][] = [];
  readonly #parts = new Map<string, ReturnType<typeof partsIn>>();
  #unchanged = 0;
  #madeFolders = 0;
  #madeLinks = 0;
  #removed = 0;

  constructor(root: string, options: PrepareOptions) {
    this.root = root;
    this.#options = options;
  }

  async add(entry: Entry): Promise<void> {
    const place = placeOf(this.root, entry.path);
    const parent = parentOf(entry.path);
    if (parent !== undefined && !this.#folders.has(parent))
      throw fileError('FILE_UNSAFE', 'take', entry.path, 'the folder that it lies in was not listed');
    if (this.#paths.size >= MOST_ENTRIES) throw fileError('FILE_TOO_LARGE', 'copy to', this.root, `more than ${MOST_ENTRIES} files`);
    if (this.#paths.has(entry.path)) throw fileError('FILE_UNSAFE', 'take', entry.path, 'it is listed twice');
    this.#paths.add(entry.path);
    const there = await this.#clear(place, entry);
    if (entry.kind === 'folder') await this.#folder(place, entry, there);
    else if (entry.kind === 'link') await this.#link(place, entry, there);
    else await this.#file(place, entry, there);
  }

  /** Makes room for another kind. @returns what stays there */
  async #clear(place: string, { kind, path: entry }: Entry): Promise<Stats | undefined> {
    const facts = await unlessMissing('look at', place, () => lstat(place));
    if (facts === undefined || isSameKind(facts, kind)) return facts;
    if (entry === '')
      throw fileError('FILE_KIND', 'copy to', place, `there is ${facts.isDirectory() ? 'a folder' : 'no folder'} of that name`);
    if (facts.isDirectory() && !this.#options.isExact)
      throw fileError('FILE_KIND', 'copy to', place, 'there is a folder of that name, which only sync removes');
    await withFile('remove', place, () => rm(place, { recursive: true }));
    this.#removed++;
    return undefined;
  }

  async #folder(place: string, entry: Entry, there: Stats | undefined): Promise<void> {
    this.#folders.add(entry.path);
    if (there === undefined) {
      await withFile('make the folder', place, () => mkdir(place, { mode: entry.mode | 0o700 }));
      this.#madeFolders++;
    } else if ((there.mode & 0o700) !== 0o700) await withFile('change the mode of', place, () => chmod(place, there.mode | 0o700));
  }

  /** By another name first, so that it is there at any time. */
  async #link(place: string, entry: Entry, there: Stats | undefined): Promise<void> {
    const { target = '' } = entry;
    const known = there === undefined ? undefined : await entryOf(place, entry.path, there, false);
    if (known?.target === target) {
      this.#unchanged++;
      return;
    }
    const made = `${path.dirname(place)}/.resprout-link-${process.pid}.${this.#paths.size}`;
    await withFile('make the link', place, async () => {
      await symlink(target, made);
      await rename(made, place).catch(async (error: unknown) => {
        await unlink(made);
        throw error;
      });
    });
    this.#madeLinks++;
  }

  async #file(place: string, entry: Entry, there: Stats | undefined): Promise<void> {
    if (there !== undefined && (await this.#isEqual(place, entry, there))) {
      if ((there.mode & 0o777) !== entry.mode) await withFile('change the mode of', place, () => chmod(place, entry.mode));
      if (!isSameTime(there.mtimeMs, entry.modifiedMs)) {
        const time = entry.modifiedMs / 1000;
        await withFile('change the time of', place, () => utimes(place, time, time));
      }
      this.#unchanged++;
      return;
    }
    this.#wanted.push({ path: entry.path, offset: await this.#offset(place, entry) });
  }

  async #isEqual(place: string, entry: Entry, there: Stats): Promise<boolean> {
    if (there.size !== entry.bytes) return false;
    if (entry.hash === undefined) return isSameTime(there.mtimeMs, entry.modifiedMs);
    return (await entryOf(place, entry.path, there, true))?.hash === entry.hash;
  }

  async #offset(place: string, entry: Entry): Promise<number> {
    if (!this.#options.mayResume || entry.bytes < WORTH_KEEPING_BYTES) return 0;
    const folder = path.dirname(place);
    let parts = this.#parts.get(folder);
    if (parts === undefined) this.#parts.set(folder, (parts = partsIn(folder)));
    return Math.min((await abandonedPart(await parts, place, entry))?.bytes ?? 0, entry.bytes);
  }

  /** Removes what was not listed. */
  async removeOthers(): Promise<void> {
    for (const folder of this.#folders) {
      const place = placeOf(this.root, folder);
      for (const bytes of await withFile('list', place, () => readdir(place, { encoding: 'buffer' }))) {
        const name = bytes.toString();
        const entry = folder === '' ? name : `${folder}/${name}`;
        if (this.#paths.has(entry) || /^\.resprout-.*\.part$/.test(name)) continue;
        const other = Buffer.concat([Buffer.from(`${place}/`), bytes]);
        await withFile('remove', `${place}/${name}`, () => rm(other, { recursive: true, force: true }));
        this.#removed++;
      }
    }
  }

  result(): Prepared {
    return {
      wanted: this.#wanted,
      unchangedCount: this.#unchanged,
      folderCount: this.#madeFolders,
      linkCount: this.#madeLinks,
      removedCount: this.#removed,
    };
  }
}

/**
 * Prepares a place for what a listing says.
 * @throws ResproutError FILE_MISSING, FILE_DENIED, FILE_KIND, FILE_UNSAFE, FILE_TOO_LARGE, FILE_FULL, FILE_IO
 */
export async function prepare(given: string, listings: AsyncIterable<Listing>, options: PrepareOptions): Promise<Prepared> {
  const preparing = new Preparing(await rootOf(given), options);
  for await (const { entries } of listings) for (const entry of entries) await preparing.add(entry);
  if (options.isExact) await preparing.removeOthers();
  return preparing.result();
}
