// Files of one run: `journal-<n>.db` by generation, and CURRENT, which names the generation in force (absent: 1).
// A database file is never opened here once SQLite may have it open: closing any descriptor of it would drop SQLite's locks.
import {
  closeSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  type Stats,
} from 'node:fs';
import { dirname } from 'node:path';
import { errnoOf } from '../../../platform/errno.ts';
import { unsafe } from '../journal-errors.ts';

const OPEN_TO_OTHERS = 0o077;
const MOST_GENERATIONS = 999_999;

/** Path of a generation's database. */
export function journalFile(folder: string, generation: number): string {
  return `${folder}/journal-${generation}.db`;
}

/** Path of the write-ahead log of a database. */
export const logFile = (file: string): string => `${file}-wal`;

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
  for (const path of [folder, file, logFile(file), `${file}-shm`]) {
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
  for (const path of [file, logFile(file), `${file}-shm`, `${file}-journal`]) rmSync(path, { force: true });
}

/** One state of the files of a journal. */
export interface JournalStamp {
  /** Another text after every write to them. */
  readonly text: string;
  /** Wall time of the last write, ms since 1970. */
  readonly modifiedMs: number;
  /** Whether the database has a log with something in it: somebody has it open for writing, or was killed. */
  readonly hasLog: boolean;
}

/**
 * What tells the states of a run's files from each other, without opening them: which file, how large, written when. Two writes within one
 * step of the file system's clock that leave the same sizes are the same to it: whoever keeps a stamp makes sure that the files were quiet.
 * @returns undefined when there is no journal
 */
export function journalStamp(folder: string): JournalStamp | undefined {
  const generation = factsOf(`${folder}/CURRENT`) === undefined ? 1 : currentGeneration(folder);
  const file = journalFile(folder, generation);
  const database = factsOf(file);
  if (database === undefined) return undefined;
  const log = factsOf(logFile(file));
  const text = stampOf(generation, database);
  // An empty log is what readers make.
  if (log === undefined || log.size === 0) return { text, modifiedMs: database.mtimeMs, hasLog: false };
  const modifiedMs = Math.max(database.mtimeMs, log.mtimeMs);
  return { text: `${text} ${log.ino} ${log.size} ${log.mtimeMs}`, modifiedMs, hasLog: true };
}

/** Undefined when nothing is there. What cannot be looked at is an error: a log that is not seen would make an old row count. */
function factsOf(path: string): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false });
}

function stampOf(generation: number, { ino, size, mtimeMs }: Stats): string {
  return `${generation} ${ino} ${size} ${mtimeMs}`;
}

/**
 * Whether the files of a run still have a stamp. Lists ask for each session, so of a database that was closed in order only two things are
 * looked at: the next generation begins with a log of this one that cannot be moved.
 */
export function hasStamp(folder: string, text: string): boolean {
  const [generation = '', , , , log] = text.split(' ', 5);
  if (log !== undefined) return journalStamp(folder)?.text === text;
  const file = journalFile(folder, Number(generation));
  const database = factsOf(file);
  if (database === undefined || stampOf(Number(generation), database) !== text) return false;
  return (factsOf(logFile(file))?.size ?? 0) === 0;
}

/** Path of the index of a store. */
export function indexFile(folder: string): string {
  return `${folder}/index.db`;
}

/** Makes the file of an index that only its user may open. Nothing happens when it is there. */
export function makeIndexFile(file: string): void {
  try {
    makeDatabaseFile(file);
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
  }
}

/** Removes an index that is damaged. */
export function removeIndexFiles(folder: string): void {
  const file = indexFile(folder);
  for (const path of [file, `${file}-wal`, `${file}-shm`, `${file}-journal`]) rmSync(path, { force: true, recursive: true });
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
