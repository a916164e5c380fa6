// The lockfile of pnpm, read without a parser for YAML: pnpm writes each resolution in one line, and what is written otherwise is refused.
import path from 'node:path';
import { PrimeError } from '../problem.ts';
import { isInside } from './local-packages.ts';

const BY_HASH = /^\{integrity: sha512-[A-Za-z0-9+/]{86}==(?:, tarball: https:\/\/[^\s,{}@]+)?\}$/;
const FOLDER = /^\{directory: ([^\s,{}]+), type: directory\}$/;
const TARBALL = /^\{integrity: sha512-[A-Za-z0-9+/]{86}==, tarball: file:([^\s,{}]+)\}$/;

const isLocal = (resolution: string): boolean => {
  const [, place] = FOLDER.exec(resolution) ?? TARBALL.exec(resolution) ?? [];
  return place !== undefined && isInside(path.posix.normalize(place));
};

/** Checks it: every package has the hash of its content, or is a part of the repository. Returns the number of packages. @throws PrimeError PRIME_CONFIG_INVALID */
export function checkPnpmLock(file: string, text: string): number {
  const refuse = (line: number, message: string, cure: string): never => {
    throw new PrimeError('PRIME_CONFIG_INVALID', message, { at: `${file}:${line}`, kept: 'Nothing was installed', do: cure });
  };
  const lines = text.split('\n');
  if (!/^lockfileVersion: '(?:6|9)\.\d+'\r?$/.test(lines[0] ?? ''))
    return refuse(1, 'the lockfile is not one of pnpm 8 to 11', 'Write it again: pnpm install --lockfile-only');
  let count = 0;
  lines.forEach((line, i) => {
    const [, resolution] = /^\s+resolution:\s*(.*?)\s*$/.exec(line) ?? [];
    if (resolution === undefined) return;
    count += 1;
    if (BY_HASH.test(resolution) || isLocal(resolution)) return;
    const name = /^\s*'?([^'\s]+?)'?:\s*$/.exec(lines[i - 1] ?? '')?.[1] ?? 'a package';
    refuse(
      i + 1,
      `${name} has no sha512 integrity, or comes from elsewhere: ${resolution}`,
      'Take it from the registry: pnpm add NAME@VERSION',
    );
  });
  return count;
}

/** Folders of a workspace that the lockfile is for, `.` left out. */
export function importersOf(text: string): readonly string[] {
  const lines = text.split('\n');
  const from = lines.findIndex((line) => /^importers:\s*$/.test(line));
  if (from === -1) return [];
  const folders: string[] = [];
  for (const line of lines.slice(from + 1)) {
    if (/^\S/.test(line)) break;
    const [, name] = /^ {2}'?([^'\s]+?)'?:(?: \{\})?\s*$/.exec(line) ?? [];
    if (name !== undefined && name !== '.' && isInside(name)) folders.push(name);
  }
  return folders;
}
