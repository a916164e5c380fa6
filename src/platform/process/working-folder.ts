import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { toError } from '../../base/errors/errors.ts';

// Programs see functions of ours in their place.
const chdir = process.chdir.bind(process);

/** Makes a folder the working folder of this process. @returns why it cannot be; undefined when it is */
export function enterFolder(folder: string): Error | undefined {
  try {
    chdir(folder);
    return undefined;
  } catch (error) {
    return toError(error);
  }
}

/**
 * Takes this process to a folder that is no more: relative paths then fail as they do in Node for a process whose folder was removed, and never
 * reach files of another folder.
 */
export function enterNowhere(): void {
  const nowhere = mkdtempSync(path.join(tmpdir(), 'resprout-nowhere-'));
  chdir(nowhere);
  rmdirSync(nowhere);
}
