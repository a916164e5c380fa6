// Files of one run: `journal-<n>.db` by generation, and CURRENT, which names the generation in force (absent: 1).
// A database file is never opened here once SQLite may have it open: closing any descriptor of it would drop SQLite's locks.
import { closeSync, fsyncSync, lstatSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { errnoOf } from '../../platform/errno.ts';
import { unsafe } from './journal-errors.ts';

const OPEN_TO_OTHERS = 0o077;
const MOST_GENERATIONS = 999_999;

/** Path of a generation's database. */
export function journalFile(folder: string, generation: number): string {
  return `${folder}/journal-${generation}.db`;
}

/** The generation in force. @throws ResproutError STORE_UNSAFE when CURRENT holds something else than a number */
export function currentGeneration(folder: string): number {
  let text: string;
  try {
    text = readFileSync(`${folder}/CURRENT`, 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return 1;
    throw error;
  }
  const generation = /^[1-9]\d{0,5}\n$/.test(text) ? Number(text) : 0;
  if (generation < 1 || generation > MOST_GENERATIONS)
    throw unsafe(folder, `CURRENT does not name a generation: ${JSON.stringify(text.slice(0, 40))}`, 'Restore the store from a copy');
  return generation;
}

/** Names the generation in force: by rename, and on the medium when it returns. */
export function setCurrentGeneration(folder: string, generation: number): void {
  const temporary = `${folder}/CURRENT.tmp`;
  rmSync(temporary, { force: true });
  writeFileSync(temporary, `${generation}\n`, { mode: 0o600, flag: 'wx', flush: true });
  renameSync(temporary, `${folder}/CURRENT`);
  syncFile(folder);
}

/** Makes the folder of a run, private, and its entry in the parent durable. Nothing happens when it exists. */
export function makeRunFolder(folder: string): void {
  if (mkdirSync(folder, { recursive: true, mode: 0o700 }) === undefined) return;
  syncFile(dirname(folder));
}

/**
 * Whether the folder of a run and its database are safe to open: real, of this user, closed to others.
 * @returns false when the database does not exist yet
 * @throws ResproutError STORE_UNSAFE
 */
export function checkRunFiles(folder: string, file: string): boolean {
  let isThere = false;
  for (const path of [folder, file, `${file}-wal`, `${file}-shm`]) {
    try {
      if (path === folder) checkOwner(path, 'a folder', (stat) => stat.isDirectory(), '700');
      else checkOwner(path, 'a file', (stat) => stat.isFile() && stat.nlink === 1, '600');
      isThere ||= path === file;
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') throw error;
    }
  }
  return isThere;
}

type Stat = ReturnType<typeof lstatSync>;

function checkOwner(path: string, what: string, isRight: (stat: NonNullable<Stat>) => boolean, mode: string): void {
  const stat = lstatSync(path);
  if (!isRight(stat)) throw unsafe(path, `it is not ${what} of its own`, 'Restore the store from a copy');
  const uid = process.getuid?.() ?? stat.uid;
  if (stat.uid !== uid) throw unsafe(path, `it belongs to user ${stat.uid}, and this process is user ${uid}`, 'Use a store of your own');
  if ((Number(stat.mode) & OPEN_TO_OTHERS) !== 0)
    throw unsafe(path, `others may use it (mode ${(Number(stat.mode) & 0o777).toString(8)})`, `chmod ${mode} ${path}`);
}

/** Makes an empty database file that only its user may open; SQLite gives `-wal` and `-shm` the same mode. */
export function makeDatabaseFile(file: string): void {
  closeSync(openSync(file, 'wx', 0o600));
  syncFile(dirname(file));
}

/** Removes what a cut-off recovery has left of a generation that is not in force. */
export function removeGeneration(folder: string, generation: number): void {
  const file = journalFile(folder, generation);
  for (const path of [file, `${file}-wal`, `${file}-shm`, `${file}-journal`]) rmSync(path, { force: true });
}

/** Syncs a file or folder that no connection has open. */
export function syncFile(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
