import { closeSync, constants, fstatSync, fsyncSync, linkSync, openSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { errnoOf } from '../errno.ts';

/** A file that only its user should read. */
export interface PrivateFile {
  readonly bytes: Uint8Array;
  readonly uid: number;
  /** Permission bits only. */
  readonly mode: number;
}

/** Reads a small file without following a link; undefined when it does not exist. @throws the system's error, ELOOP for a link */
export function readPrivateFile(path: string): PrivateFile | undefined {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const stat = fstatSync(fd);
    return { bytes: readFileSync(fd), uid: stat.uid, mode: stat.mode & 0o777 };
  } finally {
    closeSync(fd);
  }
}

/** Makes a file with mode 0600 that did not exist. False when the name is taken. What others see is the whole file or none. */
export function createPrivateFile(path: string, bytes: Uint8Array): boolean {
  const temporary = `${path}.${process.pid}`;
  const fd = openSync(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NOFOLLOW, 0o600);
  try {
    writeFileSync(fd, bytes);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  try {
    linkSync(temporary, path);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    unlinkSync(temporary);
  }
}
