// Installs what a lockfile of pnpm says, with the pnpm that the repository pins in `packageManager`, else one of the machine.
// 1. pnpm works in place: its tree has links that other folders cannot hold. The stamp goes first and comes last, so a half is never taken for a whole.
// 2. No script of any package runs. The lockfile is checked before pnpm starts.
import fs from 'node:fs';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { makePrivate, npmCache } from '../cache/cache.ts';
import { cachePackage, itemFolder, type CacheItem } from '../cache/package-cache.ts';
import type { PrimeContext } from '../context.ts';
import { lstat, namesIn, readText, removeTree, syncFolder, syncTree, writeAtomic } from '../files.ts';
import { findMachineNpm, pathFolders, toolEnv } from '../machine/machine-npm.ts';
import { PrimeError } from '../problem.ts';
import { lastLines, type ToolResult } from '../processes/tool.ts';
import type { Step } from '../screen/progress.ts';
import { packagesKey } from '../states/fingerprint.ts';
import { treeStamp } from './installed-tree.ts';
import { declaredPnpm, LOCKFILES } from './manager.ts';
import { checkPnpmLock } from './pnpm-lock.ts';

const INSTALL_MS = 30 * 60_000;
const ASK_MS = 20_000;
const OLDEST = 8;

/** Its own program, as its manifest names it. */
function programIn(folder: string): string {
  const { bin } = JSON.parse(readText(path.join(folder, 'package.json')) ?? '{}') as { readonly bin?: Readonly<Record<string, string>> };
  return path.join(folder, bin?.['pnpm'] ?? 'bin/pnpm.cjs');
}

/** The version that a pnpm says; undefined when it does not run on this Node. */
function versionOf(context: PrimeContext, cli: string): string | undefined {
  // Away from the project, where pnpm would go over to the version that it names.
  const asked = spawnSync(process.execPath, [cli, '--version'], {
    cwd: '/',
    env: toolEnv(context.env, context.cache),
    encoding: 'utf8',
    timeout: ASK_MS,
    killSignal: 'SIGKILL',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return asked.status === 0 ? /^(\d+\.\d+\.\d+\S*)$/m.exec(asked.stdout)?.[1] : undefined;
}

/** One on PATH that is a program of Node. */
function onPath(context: PrimeContext, wanted: string | undefined): { readonly cli?: string; readonly tried: readonly string[] } {
  const tried: string[] = [];
  for (const folder of pathFolders(context.env)) {
    let cli: string;
    try {
      cli = fs.realpathSync(path.join(folder, 'pnpm'));
    } catch {
      // None in this folder.
      continue;
    }
    const version = /\.[cm]?js$/.test(cli) ? versionOf(context, cli) : undefined;
    const fits = version !== undefined && (wanted === undefined ? Number(version.split('.')[0]) >= OLDEST : version === wanted);
    if (fits) return { cli, tried };
    tried.push(`${cli} ${version === undefined ? 'does not run on this Node' : `is pnpm ${version}`}`);
  }
  return { tried };
}

async function findPnpm(context: PrimeContext, root: string, step: Step): Promise<string> {
  const declared = declaredPnpm(root) ?? declaredPnpm(context.config.root);
  if (declared?.integrity !== undefined) {
    const pinned = { name: 'pnpm', version: declared.version, integrity: declared.integrity };
    const item: CacheItem = { kind: 'pnpm', pinned, suffix: '', wanted: () => true };
    await cachePackage(context, item, step);
    return programIn(itemFolder(context.cache, item));
  }
  const { cli, tried } = onPath(context, declared?.version);
  if (cli !== undefined) return cli;
  throw new PrimeError(
    'PRIME_NO_NPM',
    `no pnpm ${declared?.version ?? `from ${OLDEST} on`} can be run on this machine, and none is pinned with its hash`,
    {
      at: path.join(root, LOCKFILES.pnpm),
      tried: tried.length === 0 ? 'looking for pnpm in every folder of PATH' : tried.join('\n'),
      do: 'corepack use pnpm@10 (it writes packageManager with the hash, and the primer fetches that one), or install pnpm',
    },
  );
}

/** Packages of the tree as places with a manifest: in the store of links, and what lies there without it. */
function placesIn(root: string): readonly string[] {
  const real = (folder: string): string[] =>
    namesIn(path.join(root, folder)).reduce<string[]>((all, name) => {
      const place = `${folder}/${name}`;
      if (name.startsWith('.') || lstat(path.join(root, place))?.isDirectory() !== true) return all;
      return [...all, ...(name.startsWith('@') ? real(place) : [place])];
    }, []);
  const store = 'node_modules/.pnpm';
  const stored = namesIn(path.join(root, store)).reduce<string[]>((all, name) => [...all, ...real(`${store}/${name}/node_modules`)], []);
  return [...real('node_modules'), ...stored];
}

/** The links of a folder to packages. */
function linksIn(root: string, folder = 'node_modules'): readonly string[] {
  return namesIn(path.join(root, folder)).reduce<string[]>((all, name) => {
    const place = `${folder}/${name}`;
    if (lstat(path.join(root, place))?.isSymbolicLink() === true) return [...all, place];
    return name.startsWith('@') ? [...all, ...linksIn(root, place)] : all;
  }, []);
}

/** What is installed, and who is told. */
export interface PnpmInstallation {
  /** Relative to the root; '' for the root itself. */
  readonly place: string;
  readonly env: Readonly<Record<string, string>>;
  readonly step: Step;
}

/** Installs the packages of a place. Only who owns the folder may. @throws PrimeError */
export async function installWithPnpm(context: PrimeContext, { place, env, step }: PnpmInstallation, stamp: string): Promise<void> {
  const root = path.join(context.config.root, place);
  const lockfile = path.join(root, LOCKFILES.pnpm);
  const count = checkPnpmLock(lockfile, readText(lockfile) ?? '');
  const key = packagesKey(context, place);
  const cli = await findPnpm(context, root, step);
  step.now(`installing ${count} entries of the lockfile`);
  removeTree(stamp);
  await runPnpm(context, { cli, root, env });
  const places = placesIn(root);
  if (count > 0 && places.length + linksIn(root).length === 0)
    throw failed(context, { code: 0, timedOut: false, stdout: '', output: 'pnpm ended well, and node_modules is empty' }, lockfile);
  step.now('writing it to disk');
  syncTree(path.join(root, 'node_modules'));
  writeAtomic(stamp, treeStamp(root, key, places, linksIn(root)));
  syncFolder(root);
  step.done(`${count} entries of the lockfile`);
}

/** `pnpm install --frozen-lockfile`, whatever the user's settings leave out or turn off. @throws PrimeError PRIME_INSTALL_FAILED, PRIME_OFFLINE */
async function runPnpm(
  context: PrimeContext,
  { cli, root, env }: { readonly cli: string; readonly root: string; readonly env: Readonly<Record<string, string>> },
): Promise<void> {
  const store = path.join(context.cache, 'pnpm-store');
  makePrivate(store);
  // pnpm has no settings of the machine's npm but those that it is told of.
  const { npm } = findMachineNpm(context.env, [process.execPath], npmCache(context.cache));
  const settings = { npm_config_globalconfig: npm?.globalconfig, npm_config_userconfig: npm?.userconfig };
  const ran = await context.tool({
    file: process.execPath,
    args: [
      cli,
      'install',
      '--frozen-lockfile',
      '--ignore-scripts',
      context.options.offline ? '--offline' : '--prefer-offline',
      `--store-dir=${store}`,
      '--reporter=append-only',
      '--config.confirmModulesPurge=false',
      '--config.managePackageManagerVersions=false',
      '--config.updateNotifier=false',
    ],
    cwd: root,
    env: { ...context.toolEnv(), ...settings, CI: 'true', pnpm_config_pm_on_fail: 'ignore', ...env },
    hidden: Object.values(env),
    deadlineMs: INSTALL_MS,
  });
  if (ran.code !== 0) throw failed(context, ran, path.join(root, LOCKFILES.pnpm));
}

function failed(context: PrimeContext, ran: ToolResult, lockfile: string): PrimeError {
  const missing = context.options.offline && /NO_OFFLINE/.test(ran.output);
  return new PrimeError(
    missing ? 'PRIME_OFFLINE' : 'PRIME_INSTALL_FAILED',
    missing ? 'a package is not in the store' : 'pnpm install failed',
    {
      at: lockfile,
      tried: `pnpm install --frozen-lockfile --ignore-scripts${context.options.offline ? ' --offline' : ''}`,
      saw: ran.timedOut ? `no end within ${INSTALL_MS / 60_000} min` : lastLines(ran.output, 12) || `exit code ${ran.code} and no output`,
      do: missing
        ? 'Run once without --offline; every clone of this user shares the store'
        : 'Mend what pnpm says above, then run it again',
    },
  );
}
