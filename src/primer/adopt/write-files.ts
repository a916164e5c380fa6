// The two files that a repository commits, and the scripts of its apps: what of ours is there, and how it is put in its place.
import fs from 'node:fs';
import path from 'node:path';
import { lstat, namesIn, readText, writeAtomic } from '../files.ts';
import { entryText, launcherText } from '../launcher/texts.ts';
import { PrimeError } from '../problem.ts';

/** The name of the kernel in a repository. */
export const KERNEL_NAME = 'proto_kernel.cjs';
/** Name of the launcher in the root. */
export const LAUNCHER_NAME = 'prime';
const OURS = /^#!\/bin\/sh\n# .*Made by the primer/;
const ENTRY = /Made by the primer \(\.\/prime (?:entry|folder) ([^)\n]+)\): do not edit/;

/** Writes a file of ours unless it is that already. Whether it did. @throws PrimeError PRIME_IN_THE_WAY when something else is there */
function put(root: string, name: string, text: string, mode: number, isOurs: (there: string) => boolean): boolean {
  const file = path.join(root, name);
  const there = lstat(file)?.isDirectory() === true ? '' : readText(file);
  if (there !== undefined && !isOurs(there))
    throw new PrimeError('PRIME_IN_THE_WAY', `${name} is there already and is not of the primer`, {
      at: file,
      kept: 'Nothing was changed',
      do: 'Rename it, then run it again',
    });
  if (there === text && ((lstat(file)?.mode ?? 0) & 0o777) === mode) return false;
  writeAtomic(file, text);
  fs.chmodSync(file, mode);
  return true;
}

const isLauncher = (text: string): boolean => OURS.test(text);

/** Whether a launcher can be written. @throws PrimeError PRIME_IN_THE_WAY */
export function checkPlace(root: string): void {
  const there = lstat(path.join(root, LAUNCHER_NAME))?.isDirectory() === true ? '' : readText(path.join(root, LAUNCHER_NAME));
  if (there !== undefined && !isLauncher(there)) put(root, LAUNCHER_NAME, '', 0o755, isLauncher);
}

/** Writes the script of an app, or the `prime` of a folder below that of the kernel. @param served the root, relative to that folder */
export const writeEntry = (root: string, file: string, served = ''): boolean =>
  put(root, file, entryText(file, served), 0o755, (text) => ENTRY.test(text));

/** Scripts of apps in the root, as they name themselves. */
function entriesIn(root: string): string[] {
  return namesIn(root).filter((name) => {
    if (lstat(path.join(root, name))?.isFile() !== true) return false;
    return ENTRY.exec((readText(path.join(root, name)) ?? '').slice(0, 400))?.[1] === name;
  });
}

/** Writes launcher, scripts of apps that are there, and kernel, in this order: old ones of each work with new ones of the others. Names of what was written. */
export function writeFiles(root: string, kernelText: string): string[] {
  const written: string[] = [];
  if (put(root, LAUNCHER_NAME, launcherText(), 0o755, isLauncher)) written.push(LAUNCHER_NAME);
  for (const name of entriesIn(root)) if (writeEntry(root, name)) written.push(name);
  if (put(root, KERNEL_NAME, kernelText, 0o644, () => true)) written.push(KERNEL_NAME);
  return written;
}
