// Pinned packages in the user's cache: `KIND/VERSION-PLATFORM-HASH/`.
// 1. A folder appears by rename, after the download matched the committed integrity.
// 2. `.proof.json` in it has a hash of everything that was unpacked; it is compared before anything of it is used on a cold path.
// 3. Two processes never fetch the same item: the item's lock is held from the look to the rename.
import fs from 'node:fs';
import path from 'node:path';
import { makePrivate } from './cache.ts';
import type { PinnedPackage } from '../config.ts';
import type { PrimeContext } from '../context.ts';
import { bytesBelow, lstat, namesIn, readText, removeTree, writeAtomic } from '../files.ts';
import { integrityOf, treeHash } from './integrity.ts';
import type { Lock } from '../processes/lock.ts';
import { settingsArguments, type MachineNpm } from '../machine/machine-npm.ts';
import { PrimeError, type PrimeCode } from '../problem.ts';
import { megabytes, type Step } from '../screen/progress.ts';
import { unpack } from './tar.ts';
import { npmComplaint } from '../processes/tool.ts';

const FETCH_MS = 20 * 60_000;
const PROOF = '.proof.json';

/** An item of the cache. */
export interface CacheItem {
  readonly kind: 'node' | 'npm';
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

/** Where the launcher puts a tarball that it fetched on a machine without Node. */
export const inboxFile = (cache: string, { name, version }: PinnedPackage): string => path.join(cache, 'inbox', `${name}-${version}.tgz`);

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

/** Puts a pinned package into the cache unless it is there. `machine` gives nothing when the network may not be used. @throws PrimeError PRIME_OFFLINE, PRIME_NO_NODE, PRIME_INTEGRITY */
export async function cachePackage(
  context: PrimeContext,
  item: CacheItem,
  machine: () => MachineNpm | undefined,
  step: Step,
): Promise<CachedPackage> {
  const folder = itemFolder(context.cache, item);
  if (isIntact(context.cache, item)) return { folder, fetchedBytes: undefined };
  const inbox = inboxFile(context.cache, item.pinned);
  const isInInbox = lstat(inbox)?.isFile() === true && integrityOf(inbox) === item.pinned.integrity;
  const source: Source | undefined = isInInbox ? { inbox } : machine();
  if (source === undefined)
    throw new PrimeError('PRIME_OFFLINE', `${item.pinned.name} ${item.pinned.version} is not in the cache`, {
      tried: `looking at ${folder}`,
      saw: lstat(folder) === undefined ? 'it does not exist' : 'it is not what was put there',
      do: 'Run once without --offline; every clone of this user shares the cache',
    });
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
    removeTree(inbox);
    return { folder, fetchedBytes };
  } finally {
    removeTree(staging);
    lock.release();
  }
}

/** Where a tarball comes from: an npm, or the inbox, where the launcher puts it on machines without Node. */
type Source = MachineNpm | { readonly inbox: string };

interface Fetch {
  readonly staging: string;
  readonly lock: Lock;
  readonly step: Step;
}

async function fetchInto(context: PrimeContext, item: CacheItem, source: Source, fetch: Fetch): Promise<number> {
  const { staging, step } = fetch;
  const { name, version, integrity } = item.pinned;
  const spec = `${name}@${version}`;
  const tgz = 'inbox' in source ? source.inbox : await packWith(context, item, source, fetch);
  step.now(`checking ${spec}`);
  const seen = integrityOf(tgz);
  if (seen !== integrity)
    throw new PrimeError('PRIME_INTEGRITY', `${spec} is not the one whose hash is committed`, {
      tried: 'inbox' in source ? `taking ${source.inbox}` : `fetching it with ${source.cli}`,
      saw: `${seen}\nwanted ${integrity}`,
      kept: 'Nothing of it was unpacked',
      do: 'Check the registry or proxy that serves it',
    });
  step.now(`unpacking ${spec}`);
  const unpacked = path.join(staging, 'unpacked');
  fs.mkdirSync(unpacked);
  await unpack(tgz, unpacked, (file) => item.wanted(file));
  writeAtomic(path.join(unpacked, PROOF), proofOf(unpacked, item));
  return fs.statSync(tgz).size;
}

/** Lets npm fetch the tarball into the staging folder; returns its path. */
async function packWith(context: PrimeContext, item: CacheItem, npm: MachineNpm, fetch: Fetch): Promise<string> {
  const { staging, lock, step } = fetch;
  const spec = `${item.pinned.name}@${item.pinned.version}`;
  // A folder of its own with the project's npm settings, so that no other project's lie above it.
  const npmrc = readText(path.join(context.config.root, '.npmrc'));
  if (npmrc !== undefined) fs.writeFileSync(path.join(staging, '.npmrc'), npmrc, { mode: 0o600 });
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
        `--cache=${cache}`,
        '--loglevel=warn',
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
