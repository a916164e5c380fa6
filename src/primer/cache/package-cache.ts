// Pinned packages in the user's cache: `KIND/VERSION-PLATFORM-HASH/`.
// 1. A folder appears by rename, after the download matched the committed integrity.
// 2. `.proof.json` in it has a hash of everything that was unpacked; it is compared before anything of it is used on a cold path.
// 3. Two processes never fetch the same item: the item's lock is held from the look to the rename.
import fs from 'node:fs';
import path from 'node:path';
import { makePrivate, npmCache } from './cache.ts';
import type { PinnedPackage } from '../config/config.ts';
import type { PrimeContext } from '../context.ts';
import { bytesBelow, lstat, namesIn, readText, removeTree, syncFolder, syncTree, writeAtomic } from '../files.ts';
import { integrityOf, treeHash } from './integrity.ts';
import type { Lock } from '../processes/lock.ts';
import { findMachineNpm, settingsArguments, type MachineNpm } from '../machine/machine-npm.ts';
import { npmrcOf } from '../machine/npmrc.ts';
import { PrimeError, type PrimeCode } from '../problem.ts';
import { megabytes, type Step } from '../screen/progress.ts';
import { fetchText } from '../launcher/texts.ts';
import { unpack } from './tar.ts';
import { lastLines, npmComplaint } from '../processes/tool.ts';

const FETCH_MS = 20 * 60_000;
const PROOF = '.proof.json';

/** An item of the cache. */
export interface CacheItem {
  readonly kind: 'node' | 'npm' | 'pnpm';
  readonly pinned: PinnedPackage;
  readonly suffix: string;
  /** Which of its files are kept. */
  wanted(file: string): boolean;
}

const nameOf = (item: CacheItem): string => {
  const hash = Buffer.from(item.pinned.integrity.slice('sha512-'.length), 'base64').toString('hex').slice(0, 16);
  return `${item.pinned.version}${item.suffix}-${hash}`;
};

/** Where an item lies or would lie. */
export const itemFolder = (cache: string, item: CacheItem): string => path.join(cache, item.kind, nameOf(item));

/** Where the launcher puts what it fetches on a machine without Node or npm. In the clone: it knows no rule for caches. */
export const inboxFolder = (stateFolder: string): string => path.join(stateFolder, 'inbox');

const inboxFile = (context: PrimeContext, { name, version }: PinnedPackage): string =>
  path.join(inboxFolder(context.stateFolder), `${name.replace('/', '-')}-${version}.tgz`);

/** Whether an item is there and still is what was unpacked. */
export function isIntact(cache: string, item: CacheItem): boolean {
  const folder = itemFolder(cache, item);
  const proof = readText(path.join(folder, PROOF));
  return proof !== undefined && proof === proofOf(folder, item);
}

const proofOf = (folder: string, item: CacheItem): string =>
  `${JSON.stringify({ integrity: item.pinned.integrity, tree: treeHash(folder, [PROOF]) })}\n`;

/** A package that is in the cache now. */
export interface CachedPackage {
  readonly folder: string;
  /** Bytes of the package that this process fetched; undefined when it was there. */
  readonly fetchedBytes: number | undefined;
}

/** Puts a pinned package into the cache unless it is there. @throws PrimeError PRIME_OFFLINE, PRIME_NO_NODE, PRIME_NO_NPM, PRIME_INTEGRITY */
export async function cachePackage(context: PrimeContext, item: CacheItem, step: Step): Promise<CachedPackage> {
  const folder = itemFolder(context.cache, item);
  if (isIntact(context.cache, item)) return { folder, fetchedBytes: undefined };
  const inbox = inboxFile(context, item.pinned);
  const source = sourceOf(context, item, folder, inbox);
  makePrivate(path.dirname(folder));
  const lock = await context.lockItem(`${item.kind}-${nameOf(item)}`);
  const staging = path.join(context.cache, 'staging', `${item.kind}-${nameOf(item)}`);
  try {
    // Another process may have fetched it while this one waited.
    if (isIntact(context.cache, item)) return { folder, fetchedBytes: undefined };
    removeTree(staging);
    removeTree(folder);
    makePrivate(staging);
    const fetchedBytes = await fetchInto(context, item, source, { staging, lock, step });
    fs.renameSync(path.join(staging, 'unpacked'), folder);
    syncFolder(path.dirname(folder));
    removeTree(inbox);
    return { folder, fetchedBytes };
  } finally {
    removeTree(staging);
    lock.release();
  }
}

/** Where a tarball comes from: an npm; the inbox, where the launcher puts it on machines without Node; else by the launcher's own ways. */
type Source = { readonly npm: MachineNpm } | { readonly inbox: string } | { readonly tried: readonly string[] };

function sourceOf(context: PrimeContext, item: CacheItem, folder: string, inbox: string): Source {
  if (lstat(inbox)?.isFile() === true && integrityOf(inbox) === item.pinned.integrity) return { inbox };
  if (context.options.offline)
    throw new PrimeError('PRIME_OFFLINE', `${item.pinned.name} ${item.pinned.version} is not in the cache`, {
      tried: `looking at ${folder}`,
      saw: lstat(folder) === undefined ? 'it does not exist' : 'it is not what was put there',
      do: 'Run once without --offline; every clone of this user shares the cache',
    });
  const { npm, tried } = findMachineNpm(context.env, [process.execPath], npmCache(context.cache));
  return npm === undefined ? { tried } : { npm };
}

interface Fetch {
  readonly staging: string;
  readonly lock: Lock;
  readonly step: Step;
}

async function fetchInto(context: PrimeContext, item: CacheItem, source: Source, fetch: Fetch): Promise<number> {
  const { staging, step } = fetch;
  const { name, version, integrity } = item.pinned;
  const spec = `${name}@${version}`;
  const tgz = await tarballFrom(context, item, source, fetch);
  step.now(`checking ${spec}`);
  const seen = integrityOf(tgz);
  if (seen !== integrity)
    throw new PrimeError('PRIME_INTEGRITY', `${spec} is not the one whose hash is committed`, {
      tried: 'npm' in source ? `fetching it with ${source.npm.cli}` : `taking ${tgz}`,
      saw: `${seen}\nwanted ${integrity}`,
      kept: 'Nothing of it was unpacked',
      do: 'Check the registry or proxy that serves it',
    });
  step.now(`unpacking ${spec}`);
  const unpacked = path.join(staging, 'unpacked');
  fs.mkdirSync(unpacked);
  await unpack(tgz, unpacked, (file) => item.wanted(file));
  writeAtomic(path.join(unpacked, PROOF), proofOf(unpacked, item));
  // The folder will be believed by its name: what is in it has to be on disk before.
  syncTree(unpacked);
  return fs.statSync(tgz).size;
}

function tarballFrom(context: PrimeContext, item: CacheItem, source: Source, fetch: Fetch): Promise<string> | string {
  if ('inbox' in source) return source.inbox;
  return 'npm' in source ? packWith(context, item, source.npm, fetch) : fetchWithoutNpm(context, item, source.tried, fetch);
}

/** Fetches as the launcher does on machines without Node; returns the path in the inbox. @throws PrimeError PRIME_NO_NPM when that fails too */
async function fetchWithoutNpm(context: PrimeContext, item: CacheItem, tried: readonly string[], fetch: Fetch): Promise<string> {
  const { name, version, integrity } = item.pinned;
  const file = inboxFile(context, item.pinned);
  fetch.step.now(`fetching ${name}@${version} without npm`, () => bytesBelow(inboxFolder(context.stateFolder)));
  const run = await context.tool(
    {
      file: '/bin/sh',
      args: [
        '-c',
        `root=$1; served=$2; shift 2\n${fetchText()}\nfetch "$@" || { printf %s "$said" >&2; exit 1; }`,
        'fetch',
        context.config.kernelFolder,
        context.config.root,
        name,
        version,
        integrity,
      ],
      cwd: context.config.root,
      deadlineMs: FETCH_MS,
    },
    fetch.lock,
  );
  if (run.code === 0) return file;
  if (run.output.includes('PRIME_INTEGRITY'))
    throw new PrimeError('PRIME_INTEGRITY', `${name}@${version} is not the one whose hash is committed`, {
      tried: 'fetching it with curl, wget or python3 from the registry of the npm settings',
      kept: 'Nothing of it was unpacked',
      do: 'Check the registry or proxy that serves it',
    });
  throw new PrimeError('PRIME_NO_NPM', 'no npm on this machine can be run, and the first packages are fetched with it', {
    tried: [
      ...(tried.length === 0 ? ['looking for npm in every folder of PATH, and beside the Node that runs'] : tried),
      'fetching without npm, with curl, wget or python3 from the registry of the npm settings',
    ].join('\n'),
    saw: lastLines(run.output.replace(/^ {3}saw {4}/gm, '').replace(/^fetching .*\n/gm, ''), 6) || 'no npm settings that name a registry',
    do: 'Install Node with npm (any version from 12 on), or put its folder on PATH',
  });
}

/** Lets npm fetch the tarball into the staging folder; returns its path. */
async function packWith(context: PrimeContext, item: CacheItem, npm: MachineNpm, fetch: Fetch): Promise<string> {
  const { staging, lock, step } = fetch;
  const spec = `${item.pinned.name}@${item.pinned.version}`;
  // A folder of its own with the project's npm settings, so that no other project's lie above it.
  const npmrc = npmrcOf(context.config);
  if (npmrc !== undefined) fs.writeFileSync(path.join(staging, '.npmrc'), readText(npmrc) ?? '', { mode: 0o600 });
  fs.writeFileSync(path.join(staging, 'package.json'), '{ "private": true }\n');
  const cache = path.join(staging, 'npm-cache');
  step.now(`fetching ${spec}`, () => bytesBelow(staging));
  const run = await context.tool(
    {
      file: npm.node,
      args: [
        npm.cli,
        'pack',
        spec,
        '--ignore-scripts',
        '--pack-destination=.',
        `--cache=${cache}`,
        ...hereArguments,
        ...retryArguments,
        ...settingsArguments(npm),
      ],
      cwd: staging,
      deadlineMs: FETCH_MS,
    },
    lock,
  );
  const tgz = namesIn(staging).find((file) => file.endsWith('.tgz'));
  if (run.code !== 0 || tgz === undefined)
    throw new PrimeError(failureCode(item, run.output), `${spec} could not be fetched`, {
      tried: `npm pack ${spec} with ${npm.cli}`,
      saw: run.timedOut ? `no end within ${FETCH_MS / 60_000} min` : npmComplaint(run.output) || `exit code ${run.code}`,
      kept: 'Nothing was changed',
      do: 'Check the network, and registry and proxy in the npm settings (npm config list), then run it again',
    });
  return path.join(staging, tgz);
}

function failureCode(item: CacheItem, output: string): PrimeCode {
  if (output.includes('EINTEGRITY')) return 'PRIME_INTEGRITY';
  return item.kind === 'node' ? 'PRIME_NO_NODE' : 'PRIME_INSTALL_FAILED';
}

/** Whatever the user's settings say: the work is done, in this folder, and no log of it is kept. */
export const hereArguments: readonly string[] = [
  '--no-dry-run',
  '--no-global',
  '--location=project',
  '--workspaces=false',
  '--no-update-notifier',
  '--logs-max=0',
  '--loglevel=warn',
];

/** Few and short retries: a dead network is said within half a minute, not after three. */
export const retryArguments: readonly string[] = [
  '--fetch-retries=2',
  '--fetch-retry-mintimeout=1000',
  '--fetch-retry-maxtimeout=5000',
  '--fetch-timeout=60000',
];

/** How a step that put a package into the cache ends. */
export const cachedText = ({ folder, fetchedBytes }: CachedPackage): string =>
  fetchedBytes === undefined ? `fetched by another process, in ${folder}` : `fetched ${megabytes(fetchedBytes)}, now in ${folder}`;
