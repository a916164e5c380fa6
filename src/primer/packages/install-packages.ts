// Installs packages: node_modules exactly as the lockfile says, of the root or of a folder with a lockfile of its own.
// 1. They are installed into a folder beside and come in by rename: the old ones work until the new ones are complete.
// 2. The stamp lies inside node_modules and is written before the rename, so it is there exactly when the tree is complete: when npm has
//    ended, the tree is compared with the lockfile. In its other lines each package has the size of its manifest, looked at on every start.
// 3. No script of any package runs. The lockfile is checked before npm starts.
import fs from 'node:fs';
import path from 'node:path';
import type { PrimeContext } from '../context.ts';
import { bytesBelow, lstat, makeFolder, readText, removeTree, syncFolder, syncTree, writeAtomic } from '../files.ts';
import { packagesKey } from '../states/fingerprint.ts';
import type { Look } from '../states/graph.ts';
import { makePrivate, npmCache } from '../cache/cache.ts';
import { checkLockfile } from './lockfile-check.ts';
import { settingsArguments } from '../machine/machine-npm.ts';
import { npmrcOf } from '../machine/npmrc.ts';
import type { PrimeNpm } from '../../primer-api/state-context.ts';
import { LOCKFILES, managerOf } from './manager.ts';
import { installWithPnpm } from './pnpm.ts';
import { allowPrograms, bringLocals, localPackages, type LocalPackages } from './local-packages.ts';
import { changedSince, missingIn, treeLines } from './installed-tree.ts';
import { placeTree } from './place-tree.ts';
import { hereArguments, retryArguments } from '../cache/package-cache.ts';
import { PrimeError, toError } from '../problem.ts';
import { lineOfSyntaxError } from '../config/json-place.ts';
import { megabytes, type Step } from '../screen/progress.ts';
import { npmComplaint, type ToolResult } from '../processes/tool.ts';

const INSTALL_MS = 30 * 60_000;
const STAMP = '.prime-stamp';
const LOCKFILE = LOCKFILES.npm;
const COPIED = ['package.json', LOCKFILE];

const GROUPS = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];
/** Of other package managers, which none of this reads. */
const FOREIGN_LOCKFILES = ['yarn.lock', 'bun.lock', 'bun.lockb'];

/** The folder of a place: '' is the root. */
const folderOf = (context: PrimeContext, place: string): string => path.join(context.config.root, place);

/** The file that vouches for the packages of a place. */
export const packagesStamp = (context: PrimeContext, place: string): string => path.join(folderOf(context, place), 'node_modules', STAMP);

/** Places beside the root where packages were installed, however long ago. */
export const installedPlaces = (context: PrimeContext): readonly string[] =>
  (readText(path.join(context.stateFolder, 'places')) ?? '').split('\n').filter((place) => place !== '');

/** Notes a place, so that who starts from scratch finds it. */
function notePlace(context: PrimeContext, place: string): void {
  const known = installedPlaces(context);
  if (place !== '' && !known.includes(place)) writeAtomic(path.join(context.stateFolder, 'places'), `${[...known, place].join('\n')}\n`);
}

/** Whether there is nothing to install: no lockfile, and no package that one would be for. */
function asksForNothing(root: string): boolean {
  if (lstat(path.join(root, LOCKFILES[managerOf(root)])) !== undefined) return false;
  const text = readText(path.join(root, 'package.json'));
  if (text === undefined) return true;
  try {
    const manifest = JSON.parse(text) as Readonly<Record<string, unknown>>;
    return (
      manifest['workspaces'] === undefined &&
      GROUPS.every((group) => Object.keys((manifest[group] as object | undefined) ?? {}).length === 0)
    );
  } catch (error) {
    const { message } = toError(error);
    throw new PrimeError('PRIME_CONFIG_INVALID', `is not JSON: ${message}`, {
      at: `${path.join(root, 'package.json')}:${lineOfSyntaxError(text, message)}`,
      do: 'Correct that line',
    });
  }
}

/** There is none, though packages are asked for. */
export function noLockfile(root: string): PrimeError {
  const foreign = FOREIGN_LOCKFILES.find((name) => lstat(path.join(root, name)) !== undefined);
  return new PrimeError('PRIME_CONFIG_INVALID', `${LOCKFILE} is missing in ${root}`, {
    saw: foreign === undefined ? 'package.json names packages' : `${foreign} is there, which the primer does not read`,
    do:
      foreign === undefined
        ? 'Write it with npm install --package-lock-only and commit it'
        : 'Go over to npm (npm install --package-lock-only) or pnpm (pnpm import, which reads that one) and commit the lockfile, or replace the state packages by one of your own',
  });
}

/** Whether the packages of a place are as its lockfile says. */
export function lookAtPackages(context: PrimeContext, place: string): Look {
  const root = folderOf(context, place);
  if (asksForNothing(root)) return { fresh: true, why: 'there is no lockfile, and package.json names no packages' };
  const modules = path.join(root, 'node_modules');
  const [key, ...lines] = (readText(path.join(modules, STAMP)) ?? '').trim().split('\n');
  if (key === packagesKey(context, place)) {
    const changed = changedSince(root, lines);
    return changed === undefined
      ? { fresh: true, why: 'installed as the lockfile says' }
      : { fresh: false, why: `${changed} is not as it was installed` };
  }
  if (lstat(modules) === undefined) return { fresh: false, why: 'there is no node_modules' };
  return {
    fresh: false,
    why: key === '' ? 'node_modules was not installed by the primer' : 'lockfile, configuration, Node or kernel changed',
  };
}

/** What is installed, with what, and who is told. */
export interface Installation {
  /** Relative to the root; '' for the root itself. */
  readonly place: string;
  /** Undefined where pnpm installs. */
  readonly npm: PrimeNpm | undefined;
  /** Added to the environment of npm. */
  readonly env: Readonly<Record<string, string>>;
  readonly step: Step;
}

/** Installs the packages of a place. Only who owns the folder may. @throws PrimeError */
export async function installPackages(context: PrimeContext, wanted: Installation): Promise<void> {
  const { place, step } = wanted;
  const root = folderOf(context, place);
  if (managerOf(root) === 'pnpm') {
    notePlace(context, place);
    return installWithPnpm(context, wanted, packagesStamp(context, place));
  }
  const key = packagesKey(context, place);
  const lockfile = path.join(root, LOCKFILE);
  const text = readText(lockfile);
  if (text === undefined) throw noLockfile(root);
  const count = checkLockfile(lockfile, text);
  notePlace(context, place);
  const staging = context.newFolder('staging');
  for (const name of COPIED) {
    const file = path.join(root, name);
    if (lstat(file) !== undefined) fs.copyFileSync(file, path.join(staging, name));
  }
  const locals = localPackages(text);
  bringLocals(root, locals, staging);
  const npmrc = npmrcOf(context.config, place);
  if (npmrc !== undefined) fs.copyFileSync(npmrc, path.join(staging, '.npmrc'));
  const cache = npmCache(context.cache);
  makePrivate(cache);
  const contents = path.join(cache, '_cacache', 'content-v2');
  const before = bytesBelow(contents);
  const fetched = (): number => Math.max(0, bytesBelow(contents) - before);
  step.now(`installing ${count} entries of the lockfile`, fetched);
  await runNpm(context, wanted, staging);
  const missing = missingIn(staging, text);
  if (missing.length > 0)
    throw installFailed(context, place, ['npm ended well, and these are missing:', ...missing.slice(0, 8)].join('\n'), 0);
  const fresh = path.join(staging, 'node_modules');
  makeFolder(fresh);
  writeAtomic(path.join(fresh, STAMP), `${[key, ...treeLines(staging, text)].join('\n')}\n`);
  // The stamp vouches for what is on disk, not for what is on its way there.
  step.now('writing it to disk');
  syncTree(fresh);
  const old = context.newName('old');
  if (locals.folders.length > 0) placeFolders(context, { root, staging, key }, locals);
  placeTree(fresh, path.join(root, 'node_modules'), old, STAMP);
  allowPrograms(root, locals);
  step.now('removing what is no longer needed');
  removeTree(staging);
  removeTree(old);
  syncFolder(root);
  const bytes = fetched();
  step.done(`${count} entries of the lockfile, ${bytes === 0 ? 'all from the cache' : `${megabytes(bytes)} fetched`}`);
}

/**
 * Puts in place what lies in linked folders, since versions there differ from those of the root; what earlier installs left is removed. The
 * stamp of the root goes first: until all is there nothing vouches for it.
 */
function placeFolders(
  context: PrimeContext,
  { root, staging, key }: { readonly root: string; readonly staging: string; readonly key: string },
  { folders }: LocalPackages,
): void {
  removeTree(path.join(root, 'node_modules', STAMP));
  for (const folder of folders) {
    const place = path.join(root, folder, 'node_modules');
    const fresh = path.join(staging, folder, 'node_modules');
    if (lstat(fresh) !== undefined) {
      const old = context.newName('old');
      writeAtomic(path.join(fresh, STAMP), `${key}\n`);
      placeTree(fresh, place, old, STAMP);
      removeTree(old);
    } else if (lstat(path.join(place, STAMP)) !== undefined) removeTree(place);
  }
}

/** What the registry says of a package may be older in the cache than the lockfile: then it is asked again. */
const OUTDATED = /\b(?:ETARGET|ENOVERSIONS|E404|EINTEGRITY)\b/;

/** `npm ci`, whatever the user's settings leave out or turn off. @throws PrimeError PRIME_INSTALL_FAILED, PRIME_OFFLINE */
async function runNpm(context: PrimeContext, { npm, env, place }: Installation, staging: string): Promise<void> {
  if (npm === undefined) throw new Error('there is no npm to install with');
  // npm links workspaces only when it installs for all of them, and refuses to do that where there are none.
  const hasWorkspaces = /"workspaces": [[{]/.test(readText(path.join(staging, 'package.json')) ?? '');
  const here = hereArguments.filter((one) => !hasWorkspaces || !one.startsWith('--workspaces'));
  const run = (network: string): Promise<ToolResult> => {
    removeTree(path.join(staging, 'node_modules'));
    return context.tool({
      file: npm.node,
      args: [
        npm.cli,
        'ci',
        '--ignore-scripts',
        '--include=prod',
        '--include=dev',
        '--include=optional',
        '--include=peer',
        '--no-package-lock-only',
        '--package-lock',
        '--install-strategy=hoisted',
        '--bin-links',
        '--no-audit',
        '--no-fund',
        `--cache=${npmCache(context.cache)}`,
        network,
        ...here,
        ...(hasWorkspaces ? ['--workspaces', '--include-workspace-root'] : []),
        '--no-install-links',
        ...retryArguments,
        ...settingsArguments(npm),
      ],
      cwd: staging,
      env: { ...context.toolEnv(), ...env },
      hidden: Object.values(env),
      deadlineMs: INSTALL_MS,
    });
  };
  const first = await run(context.options.offline ? '--offline' : '--prefer-offline');
  const isOutdated = first.code !== 0 && !first.timedOut && !context.options.offline && OUTDATED.test(first.output);
  const last = isOutdated ? await run('--prefer-online') : first;
  if (last.code !== 0)
    throw installFailed(context, place, last.timedOut ? `no end within ${INSTALL_MS / 60_000} min` : npmComplaint(last.output), last.code);
}

function installFailed(context: PrimeContext, place: string, saw: string, code: number): PrimeError {
  const missing = context.options.offline && /ENOTCACHED/.test(saw);
  return new PrimeError(missing ? 'PRIME_OFFLINE' : 'PRIME_INSTALL_FAILED', missing ? 'a package is not in the cache' : 'npm ci failed', {
    tried: `npm ci --ignore-scripts${context.options.offline ? ' --offline' : ''} ${context.config.npm === undefined ? '' : `with npm ${context.config.npm.version}`}, from ${path.join(place, LOCKFILE)}`,
    saw: saw === '' ? `exit code ${code} and no output` : saw,
    kept: 'node_modules is as it was before',
    do: missing ? 'Run once without --offline; every clone of this user shares the cache' : 'Mend what npm says above, then run it again',
  });
}
