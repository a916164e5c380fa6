// What may leave this machine for a program, for people who want to know before it does.
import { join, relative } from 'node:path';
import type { Disk } from '../../base/seams/disk.ts';
import type { Build } from '../build/build-object.ts';
import { ResproutError } from '../../base/errors/errors.ts';
import type { Closure } from './closure-types.ts';
import type { ServingPolicy } from './policy.ts';

/** A package whose files may leave. */
export interface ServedPackage {
  /** Its folder, relative to the project. */
  readonly folder: string;
  /** Files that the program's imports lead to. */
  readonly files: number;
}

/** What far sides of a program may get. Paths are relative to the project. */
export interface ServedList {
  /** Files of the program, and those that it names to be read. */
  readonly files: readonly string[];
  readonly packages: readonly ServedPackage[];
  /** Files that the patterns of the settings let out besides. */
  readonly named: readonly string[];
  /** What the program imports and no far side gets, with the reason. */
  readonly refused: readonly { readonly file: string; readonly why: string }[];
}

/** Folders without files of a project. */
const SKIPPED = /^(?:node_modules|\..*)$/;
const MOST_FILES = 100_000;

/** Files below a folder, by their real paths: a link may lead back up, or out of it. */
function filesBelow(disk: Disk, root: string): readonly string[] {
  const files = new Set<string>();
  const seen = new Set<string>();
  const folders = [root];
  for (let folder = folders.pop(); folder !== undefined && files.size < MOST_FILES; folder = folders.pop()) {
    if (seen.has(folder)) continue;
    seen.add(folder);
    for (const name of disk.list(folder) ?? []) {
      const file = disk.realPath(join(folder, name));
      const facts = file === undefined ? undefined : disk.stat(file);
      if (file === undefined || facts === undefined || !file.startsWith(`${root}/`)) continue;
      if (facts.isFile) files.add(file);
      else if (facts.isFolder && !SKIPPED.test(name)) folders.push(file);
    }
  }
  return [...files];
}

/** @param data files that the program names to be read @param closureOf what a far side needs of one file @throws what a closure throws, but denials */
export function listServed(
  build: Build,
  policy: ServingPolicy,
  disk: Disk,
  data: ReadonlySet<string>,
  closureOf: (file: string) => Closure,
): ServedList {
  const { root } = build.manifest;
  const own = [...build.files()];
  const refused: { file: string; why: string }[] = [];
  const leaving = new Set<string>();
  for (const file of own) {
    try {
      for (const one of closureOf(file).files.keys()) leaving.add(one);
    } catch (error) {
      if (!(error instanceof ResproutError) || error.code !== 'REMOTE_MODULE_DENIED') throw error;
      refused.push({ file: relative(root, file), why: error.message });
    }
  }
  const read = [...data].filter(
    (file) => !leaving.has(file) && disk.stat(file) !== undefined && policy.denyData(file, [], data) === undefined,
  );
  const inPackages = [...leaving].filter((file) => !build.has(file));
  const packages = [...policy.packageFolders].map((folder) => ({
    folder: relative(root, folder),
    files: inPackages.filter((file) => file.startsWith(`${folder}/`)).length,
  }));
  const named = policy.hasPatterns ? filesBelow(disk, root).filter((file) => !leaving.has(file) && policy.deny(file) === undefined) : [];
  const shown = (files: readonly string[]): string[] => files.map((file) => relative(root, file)).toSorted();
  return {
    files: shown([...[...leaving].filter((file) => build.has(file)), ...read]),
    packages: packages.toSorted((a, b) => (a.folder < b.folder ? -1 : 1)),
    named: shown(named),
    refused,
  };
}
