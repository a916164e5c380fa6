// Few operations on files, made of what Node 12 has. Everything that others may read at any time is written by a temporary name and rename.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { systemCode, toError } from './problem.ts';

/** The text of a file; undefined when it is not there. */
export function readText(file: string): string | undefined {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    // A read that the system refuses does not say of what.
    throw Object.assign(toError(error), { path: file });
  }
}

/** Makes a folder and those above it. Unlike `mkdir` with `recursive`, a system that refuses is quoted as it is. */
export function makeFolder(folder: string, mode = 0o777): void {
  try {
    fs.mkdirSync(folder, mode);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' && path.dirname(folder) !== folder) {
      makeFolder(path.dirname(folder), mode);
      makeFolder(folder, mode);
    } else if (code !== 'EEXIST' || !fs.statSync(folder).isDirectory()) throw error;
  }
}

/** Puts on disk what a folder names. Some systems cannot do that for a folder; then their own order has to do. */
export function syncFolder(folder: string): void {
  try {
    const fd = fs.openSync(folder, 'r');
    try {
      fs.fsyncSync(fd);
    } finally {
      fs.closeSync(fd);
    }
  } catch (error) {
    if (!['EINVAL', 'EPERM', 'EISDIR', 'EACCES', 'ENOTSUP'].includes(systemCode(error) ?? '')) throw error;
  }
}

const SYNC_MS = 120_000;

/**
 * Puts a whole tree on disk, before a stamp vouches for it: the file system that it lies on is synced by the system's own `sync`, since
 * thousands of files one by one would take longer than what made them. Where there is no such program nothing happens.
 */
export function syncTree(folder: string): void {
  const asked = spawnSync('sync', ['-f', folder], { stdio: 'ignore', timeout: SYNC_MS });
  if (asked.status !== 0) spawnSync('sync', [], { stdio: 'ignore', timeout: SYNC_MS });
}

let counter = 0;

/** Writes a whole file: readers see the old or the new one. */
export function writeAtomic(file: string, text: string): void {
  const temporary = `${file}.${process.pid}.${(counter += 1)}.tmp`;
  try {
    const fd = fs.openSync(temporary, 'wx', 0o644);
    try {
      const bytes = Buffer.from(text);
      for (let at = 0; at < bytes.length;) at += fs.writeSync(fd, bytes, at);
      fs.fsyncSync(fd);
    } finally {
      fs.closeSync(fd);
    }
    fs.renameSync(temporary, file);
  } catch (error) {
    removeTree(temporary);
    throw error;
  }
}

/** Facts of the path itself, links not followed; undefined when it is not there. */
export function lstat(file: string): fs.Stats | undefined {
  try {
    return fs.lstatSync(file);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** Removes a file, a link or a folder with what is in it; links are never followed. Nothing happens when it is not there. */
export function removeTree(file: string): void {
  const facts = lstat(file);
  if (facts === undefined) return;
  try {
    if (facts.isDirectory()) {
      for (const name of fs.readdirSync(file)) removeTree(path.join(file, name));
      fs.rmdirSync(file);
    } else {
      fs.unlinkSync(file);
    }
  } catch (error) {
    // Another process removed it at the same moment.
    if (systemCode(error) !== 'ENOENT') throw error;
  }
}

/** Names in a folder, sorted; empty when it is not there. */
export function namesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder).sort();
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
}

/** Bytes of all files below a folder. Files that vanish meanwhile count nothing. */
export function bytesBelow(folder: string): number {
  let sum = 0;
  for (const name of namesIn(folder)) {
    const file = path.join(folder, name);
    const facts = lstat(file);
    if (facts === undefined) continue;
    sum += facts.isDirectory() ? bytesBelow(file) : facts.size;
  }
  return sum;
}

/** Whether a path is a file that this user may execute. */
export function isExecutable(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}
