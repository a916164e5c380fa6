// Packages of the repository itself: workspaces, and folders and tarballs that `file:` names. npm links to the folders; the tarballs it unpacks.
import fs from 'node:fs';
import path from 'node:path';
import { isExecutable, lstat, makeFolder, readText } from '../files.ts';

/** What a lockfile takes from the repository. */
export interface LocalPackages {
  /** Folders that are linked to, relative to that of the lockfile. */
  readonly folders: readonly string[];
  /** Tarballs, likewise. */
  readonly tarballs: readonly string[];
}

const NONE: LocalPackages = { folders: [], tarballs: [] };

/** Whether a path names something below its folder, and nothing in a node_modules. */
export const isInside = (place: string): boolean =>
  place !== '' &&
  !path.posix.isAbsolute(place) &&
  !place.includes('\\') &&
  place.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && part !== 'node_modules');

/** The tarball that an entry names; undefined when it names none. */
export function tarballOf(resolved: unknown): string | undefined {
  const [, file] = typeof resolved === 'string' ? (/^file:(?:\.\/)?(.+\.(?:tgz|tar\.gz|tar))$/.exec(resolved) ?? []) : [];
  return file !== undefined && isInside(file) ? file : undefined;
}

/** Reads it. Most lockfiles take nothing, which their text says at once: every start asks. */
export function localPackages(text: string): LocalPackages {
  if (!/"link":\s*true|"resolved":\s*"file:/.test(text)) return NONE;
  let packages: Readonly<Record<string, unknown>>;
  try {
    ({ packages = {} } = JSON.parse(text) as { packages?: Readonly<Record<string, unknown>> });
  } catch {
    // Whoever checks the lockfile says so.
    return NONE;
  }
  const folders = new Set<string>();
  const tarballs = new Set<string>();
  for (const entry of Object.values(packages)) {
    if (typeof entry !== 'object' || entry === null) continue;
    const { link, resolved } = entry as { readonly link?: unknown; readonly resolved?: unknown };
    const tarball = tarballOf(resolved);
    if (tarball !== undefined) tarballs.add(tarball);
    if (link === true && typeof resolved === 'string' && isInside(resolved)) folders.add(resolved);
  }
  return { folders: [...folders].sort(), tarballs: [...tarballs].sort() };
}

const binsOf = (root: string, folder: string): readonly string[] => {
  const text = readText(path.join(root, folder, 'package.json'));
  if (text === undefined) return [];
  try {
    const { bin } = JSON.parse(text) as { readonly bin?: unknown };
    const files: readonly unknown[] = typeof bin === 'object' && bin !== null ? Object.values(bin) : [bin];
    return files
      .filter((file): file is string => typeof file === 'string')
      .map((file) => path.posix.join(folder, file))
      .filter(isInside);
  } catch {
    // npm says so, with the file.
    return [];
  }
};

/** Puts what npm needs of them into a folder beside: manifests, tarballs, and something in the place of each program, for npm links to none that is missing. */
export function bringLocals(root: string, { folders, tarballs }: LocalPackages, staging: string): void {
  const copy = (name: string): void => {
    if (lstat(path.join(root, name)) === undefined) return;
    makeFolder(path.dirname(path.join(staging, name)));
    fs.copyFileSync(path.join(root, name), path.join(staging, name));
  };
  for (const folder of folders) {
    copy(path.posix.join(folder, 'package.json'));
    for (const bin of binsOf(root, folder)) {
      makeFolder(path.dirname(path.join(staging, bin)));
      fs.writeFileSync(path.join(staging, bin), '#!/usr/bin/env node\n');
    }
  }
  for (const tarball of tarballs) copy(tarball);
}

/** Lets programs of linked folders be run, as npm does. */
export function allowPrograms(root: string, { folders }: LocalPackages): void {
  for (const folder of folders)
    for (const bin of binsOf(root, folder)) {
      const file = path.join(root, bin);
      const facts = lstat(file);
      if (facts !== undefined && facts.isFile() && !isExecutable(file)) fs.chmodSync(file, facts.mode | 0o111);
    }
}
