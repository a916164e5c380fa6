import {
  appendFileSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Disk } from '../../base/seams/disk.ts';
import { nodeCrypto } from '../engine/node-crypto.ts';
import { errnoOf } from '../errno.ts';

/** How careful the real disk is. */
export interface DiskOptions {
  /** Files and their folder entries are on the medium when a write returns; on by default. Off for caches that can be made again. */
  readonly sync?: boolean;
}

const ABSENT: ReadonlySet<string | undefined> = new Set(['ENOENT', 'ENOTDIR']);
const BYTE_ORDER_MARK = '\uFEFF';

/** What `read` gives, or undefined when the path does not exist. Any other error is thrown, with the path in it: a read that fails has none. */
function unlessAbsent<T>(path: string, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (ABSENT.has(errnoOf(error))) return undefined;
    if (error instanceof Error && !('path' in error)) Object.assign(error, { path });
    throw error;
  }
}

function syncPath(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

function writeAtomic(path: string, data: string | Uint8Array, mode: number, sync: boolean): void {
  const temporary = join(dirname(path), `.${basename(path)}.${nodeCrypto().randomBytes(6).toString('hex')}.tmp`);
  try {
    writeFileSync(temporary, data, { mode, flag: 'wx', flush: sync });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  if (sync) syncPath(dirname(path));
}

/**
 * Makes a folder and its parents. Node's own recursive mkdir never returns where a parent exists but takes no folders (`/proc/x`): each
 * level is made once here. @throws the system's error, EEXIST when something else is there
 */
export function makeFolder(path: string, mode: number): void {
  const missing: string[] = [];
  for (let at = path; !existsSync(at) && at !== dirname(at); at = dirname(at)) missing.push(at);
  for (const folder of missing.toReversed()) {
    try {
      mkdirSync(folder, { mode });
    } catch (error) {
      // Another process made it in between.
      if (errnoOf(error) !== 'EEXIST') throw error;
    }
  }
  if (!statSync(path).isDirectory()) throw Object.assign(new Error(`EEXIST: not a folder, mkdir '${path}'`), { code: 'EEXIST', path });
}

function append(path: string, data: string, sync: boolean): void {
  appendFileSync(path, data, { mode: 0o600, flush: sync });
}

function touch(path: string): boolean {
  const now = new Date();
  try {
    utimesSync(path, now, now);
  } catch (error) {
    // Somebody else's, or on a medium that is only read: it is there, and that is what counts.
    if (ABSENT.has(errnoOf(error))) return false;
  }
  return true;
}

/** The disk of this machine. */
export function createDisk({ sync = true }: DiskOptions = {}): Disk {
  return {
    read: (path) => unlessAbsent(path, () => readFileSync(path)),
    readText: (path) =>
      unlessAbsent(path, () => {
        const text = readFileSync(path, 'utf8');
        return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
      }),
    writeAtomic: (path, data, mode = 0o600) => writeAtomic(path, data, mode, sync),
    append: (path, data) => append(path, data, sync),
    makeFolder: (path, mode = 0o700) => makeFolder(path, mode),
    list: (path) => unlessAbsent(path, () => readdirSync(path)),
    stat: (path) =>
      unlessAbsent(path, () => {
        const facts = statSync(path);
        return { isFile: facts.isFile(), isFolder: facts.isDirectory(), bytes: facts.size, modifiedMs: facts.mtimeMs };
      }),
    realPath: (path) => unlessAbsent(path, () => realpathSync.native(path)),
    rename: (from, to) => renameSync(from, to),
    touch,
    remove(path) {
      rmSync(path, { recursive: true, force: true });
    },
  };
}
