// The folder and the cache: the files of the primer, the lockfile, what can be written.
import fs from 'node:fs';
import path from 'node:path';
import { readKernel } from '../adopt/kernel-file.ts';
import { LAUNCHER_NAME } from '../adopt/write-files.ts';
import { chooseCache } from '../cache/cache.ts';
import type { PrimeContext } from '../context.ts';
import { bytesBelow, lstat, namesIn, readText } from '../files.ts';
import { entryText, launcherText } from '../launcher/texts.ts';
import { LOCKFILES, managerOf } from '../packages/manager.ts';
import { checkPnpmLock } from '../packages/pnpm-lock.ts';
import { PrimeError } from '../problem.ts';
import { megabytes } from '../screen/progress.ts';
import { checkLockfile } from '../packages/lockfile-check.ts';
import { bad, good, odd, type Finding } from './finding.ts';

function primerFindings(context: PrimeContext): readonly Finding[] {
  const kernel = readKernel(readText(context.kernel) ?? '');
  const served = path.relative(context.config.kernelFolder, context.config.root);
  const launcher = readText(path.join(context.config.root, LAUNCHER_NAME));
  return [
    kernel !== undefined && kernel.isWhole
      ? good('kernel', `${kernel.version}, as it was made`)
      : odd('kernel', 'it was edited, or torn', 'Restore it from version control: ./prime update leaves an edited one alone'),
    launcher === (served === '' ? launcherText() : entryText(LAUNCHER_NAME, served))
      ? good('launcher', 'the one of this kernel')
      : odd('launcher', `${LAUNCHER_NAME} is not what this kernel writes`, 'npx resprout prime init, or ./prime update'),
  ];
}

/** The first folder at or above a path that is there. */
function existing(place: string): string {
  let folder = place;
  while (lstat(folder) === undefined && path.dirname(folder) !== folder) folder = path.dirname(folder);
  return folder;
}

function isWritable(place: string): boolean {
  try {
    fs.accessSync(existing(place), fs.constants.W_OK | fs.constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function spaceFindings(context: PrimeContext): readonly Finding[] {
  const { note } = chooseCache(context.env, context.stateFolder);
  const size = lstat(context.cache) === undefined ? 'not there yet' : megabytes(bytesBelow(context.cache));
  const cache = !isWritable(context.cache)
    ? bad('cache', `${context.cache} cannot be written`, 'Make it writable, or set XDG_CACHE_HOME to a folder that is')
    : note === undefined
      ? good('cache', `${context.cache}, ${size}`)
      : odd('cache', `${context.cache}, ${size}: ${note}`);
  const folder = isWritable(context.stateFolder)
    ? good('folder', `${context.config.root} can be written`)
    : odd(
        'folder',
        `${context.config.root} cannot be written: only what is prepared already can be started`,
        'Make it writable, or prepare it before',
      );
  const logs = namesIn(path.join(context.stateFolder, 'logs'));
  const last = logs[logs.length - 1];
  return [cache, folder, ...(last === undefined ? [] : [good('last log', path.join('.prime', 'logs', last))])];
}

const GROUPS = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'] as const;
type Wanted = Readonly<Partial<Record<(typeof GROUPS)[number], Readonly<Record<string, string>>>>>;

/** The first package that manifest and lockfile want differently. */
function disagreement(manifest: Wanted, locked: Wanted): string | undefined {
  for (const group of GROUPS) {
    const [ours, theirs] = [manifest[group] ?? {}, locked[group] ?? {}];
    for (const name of new Set([...Object.keys(ours), ...Object.keys(theirs)]))
      if (ours[name] !== theirs[name])
        return `${name} ${ours[name] ?? 'nowhere'} in package.json, ${theirs[name] ?? 'nowhere'} in the lockfile`;
  }
  return undefined;
}

function lockfileFindings(context: PrimeContext): readonly Finding[] {
  const { root } = context.config;
  const manager = managerOf(root);
  const file = path.join(root, LOCKFILES[manager]);
  const text = readText(file);
  const manifest = readText(path.join(root, 'package.json'));
  if (text === undefined) return [odd('lockfile', 'there is none of npm or pnpm')];
  try {
    if (manager === 'pnpm')
      return [good('lockfile', `of pnpm, ${checkPnpmLock(file, text)} packages, each with a hash or of this repository`)];
    const count = checkLockfile(file, text);
    const { packages } = JSON.parse(text) as { readonly packages: Readonly<Record<string, Wanted>> };
    const wrong = manifest === undefined ? undefined : disagreement(JSON.parse(manifest) as Wanted, packages[''] ?? {});
    return wrong === undefined
      ? [good('lockfile', `${count} entries, each with a hash; package.json agrees`)]
      : [bad('lockfile', wrong, 'npm install --package-lock-only, then commit the lockfile')];
  } catch (error) {
    if (error instanceof PrimeError) return [bad('lockfile', `${error.message} (${error.problem.at ?? file})`, error.problem.do)];
    return [bad('lockfile', 'package.json is not JSON', 'Correct it')];
  }
}

/** All that is to be said of folder and cache. */
export const folderFindings = (context: PrimeContext): readonly Finding[] => [
  ...primerFindings(context),
  ...spaceFindings(context),
  ...lockfileFindings(context),
];
