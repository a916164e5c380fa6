import { chmodSync, existsSync, lstatSync, readdirSync, realpathSync } from 'node:fs';
import { makeFolder } from './disk.ts';
import { errnoOf } from '../errno.ts';

/** What a guard needs to know of a folder. Links are not followed. */
export interface FolderFacts {
  readonly isFolder: boolean;
  readonly uid: number;
  /** Permission bits only. */
  readonly mode: number;
  /** False where only its user may know. */
  readonly isEmpty: boolean;
}

/** Facts of a folder; undefined when nothing is there. @throws the system's error for anything else */
export function folderFacts(path: string): FolderFacts | undefined {
  try {
    const stat = lstatSync(path);
    const isFolder = stat.isDirectory();
    return { isFolder, uid: stat.uid, mode: stat.mode & 0o777, isEmpty: isFolder && isEmptyFolder(path) };
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function isEmptyFolder(path: string): boolean {
  try {
    return readdirSync(path).length === 0;
  } catch (error) {
    if (errnoOf(error) === 'EACCES') return false;
    throw error;
  }
}

/** Makes a folder and its parents; the last one gets mode 0700 whatever the umask is. An existing one is left as it is. */
export function makePrivateFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(path, 0o700);
  chmodSync(path, 0o700);
}

/** Takes an existing folder away from everybody else. */
export function closeFolder(path: string): void {
  chmodSync(path, 0o700);
}

/** The path with all links resolved; undefined when it does not exist. */
export function realFolder(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
