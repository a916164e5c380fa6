// State `node`: the Node of the required version, as a file that was run and said so.
import path from 'node:path';
import { platformKey, requiredNode, type PinnedPackage } from '../config/config.ts';
import type { PrimeContext } from '../context.ts';
import { isExecutable, lstat, readText, writeAtomic } from '../files.ts';
import { askNode, findInstalledNode } from '../machine/find-node.ts';
import { defineState, type State } from './graph.ts';
import { cachedText, cachePackage, isIntact, itemFolder, type CacheItem } from '../cache/package-cache.ts';
import { PrimeError, systemCode } from '../problem.ts';
import fs from 'node:fs';

/** The file the launcher reads: the path of the Node to go on with; in the second line what its file was like when it was verified. */
const nodeStamp = (context: PrimeContext): string => path.join(context.stateFolder, 'node');

/**
 * What tells a file from another one that was put in its place, or from itself after it was written to; undefined when it is not there. Whole
 * seconds: layers of containers keep no more.
 */
function factsOf(file: string): string | undefined {
  try {
    const { size, mtimeMs } = fs.statSync(file);
    return `${size} ${Math.floor(mtimeMs / 1000)}`;
  } catch {
    return undefined;
  }
}

function stampedNode(context: PrimeContext): { readonly file: string; readonly facts: string } | undefined {
  const [file = '', facts = ''] = (readText(nodeStamp(context)) ?? '').split('\n');
  return file === '' || facts === '' ? undefined : { file, facts };
}

/** The launcher takes a Node that is newer than its stamp for another one: the stamp is never older, whatever the clock says. */
function writeStamp(context: PrimeContext, file: string): void {
  const stamp = nodeStamp(context);
  const text = `${file}\n${factsOf(file) ?? ''}\n`;
  const nodeSeconds = fs.statSync(file).mtimeMs / 1000;
  const facts = lstat(stamp);
  if (readText(stamp) === text && facts !== undefined && facts.mtimeMs / 1000 >= nodeSeconds) return;
  context.makeStateFolder();
  writeAtomic(stamp, text);
  const seconds = Math.max(Date.now() / 1000, nodeSeconds) + 0.001;
  fs.utimesSync(stamp, seconds, seconds);
}

const binary = (folder: string): string => path.join(folder, 'bin', 'node');

function cacheItem(pinned: PinnedPackage): CacheItem {
  return { kind: 'node', pinned, suffix: `-${platformKey()}`, wanted: (file) => file === 'bin/node' || file === 'LICENSE' };
}

function pinnedNode(context: PrimeContext): PinnedPackage {
  const key = platformKey();
  const pinned = context.config.nodePackages[key];
  if (pinned !== undefined) return pinned;
  const { text } = requiredNode(context.config);
  throw new PrimeError('PRIME_NO_NODE', `Node ${text} is not installed, and no package of it is pinned for ${key}`, {
    at: context.config.wanted.from ?? context.config.root,
    tried: 'every Node on PATH and in the folders of version managers',
    saw: `pinned platforms: ${Object.keys(context.config.nodePackages).join(', ') || 'none'}`,
    do: `Install Node ${text}, or pin one that can be fetched: ./prime pin ${text.split(/[^0-9.]/).find((word) => word !== '') ?? ''}`,
  });
}

const realPath = (place: string): string => {
  try {
    return fs.realpathSync(place);
  } catch {
    return place;
  }
};

/** Where the required Node is now; undefined when it has to be fetched. Changes nothing. */
export function lookForNode(context: PrimeContext): { readonly file: string; readonly from: string } | undefined {
  const wanted = requiredNode(context.config);
  const pinned = context.config.nodePackages[platformKey()];
  const item = pinned === undefined ? undefined : cacheItem(pinned);
  const cached = item === undefined ? undefined : binary(itemFolder(context.cache, item));
  const isCached = (): boolean => item !== undefined && cached !== undefined && isExecutable(cached) && isIntact(context.cache, item);
  const stamped = stampedNode(context);
  if (wanted.accepts(process.versions.node) && !context.isPassing) {
    // It runs, but what is not what was stamped may be damaged in places that were not reached yet.
    // Of several releases that will do, the one that runs is meant.
    const isMeant = stamped !== undefined && (wanted.exact !== undefined || realPath(stamped.file) === process.execPath);
    if (isMeant && stamped.facts === factsOf(stamped.file)) return { file: stamped.file, from: 'this process' };
    if (cached === undefined || realPath(cached) !== process.execPath) return { file: process.execPath, from: 'this process' };
    if (isCached()) return { file: cached, from: 'cache' };
    return undefined;
  }
  if (cached !== undefined && isCached() && wanted.accepts(askNode(cached, context.env)?.version ?? '0'))
    return { file: cached, from: 'cache' };
  // What an earlier start found need not be on the PATH of this one.
  const isSame = stamped !== undefined && stamped.facts === factsOf(stamped.file) && isExecutable(stamped.file);
  if (isSame && wanted.accepts(askNode(stamped.file, context.env)?.version ?? '0')) return { file: stamped.file, from: 'an earlier start' };
  const file = findInstalledNode(wanted, context.env);
  return file === undefined ? undefined : { file, from: 'this machine' };
}

async function fetchNode(context: PrimeContext): Promise<string> {
  const pinned = pinnedNode(context);
  const { version } = pinned;
  const step = context.progress.step(`node ${version}`);
  try {
    const cached = await cachePackage(context, cacheItem(pinned), step);
    const file = binary(cached.folder);
    const seen = askNode(file, context.env)?.version;
    if (seen !== version)
      throw new PrimeError('PRIME_NO_NODE', `the fetched Node ${version} does not run here`, {
        tried: `${file} -p process.versions.node`,
        saw: seen === undefined ? 'no answer; on Alpine and other systems with musl it cannot run' : `it says ${seen}`,
        do: `Install Node ${version} with a package manager of this system, then run it again`,
      });
    step.done(cachedText(cached));
    return file;
  } catch (error) {
    step.failed();
    throw error;
  }
}

/** The state. Its value is the absolute path of the binary. */
export const nodeState: State<'node', readonly [], string> = defineState({
  name: 'node',
  does: 'the Node that this folder wants',
  parents: [],
  look(context) {
    const found = lookForNode(context);
    return found === undefined
      ? { fresh: false, why: `Node ${requiredNode(context.config).text} has to be fetched` }
      : { fresh: true, why: `${found.file} (${found.from})` };
  },
  async reach(context): Promise<string> {
    const file = lookForNode(context)?.file ?? (await fetchNode(context));
    try {
      writeStamp(context, file);
    } catch (error) {
      // A prepared folder that is read-only now: what runs is right, and only its stamp is missing.
      if (file !== process.execPath || !['EROFS', 'EACCES', 'EPERM'].includes(systemCode(error) ?? '')) throw error;
    }
    return file;
  },
});
