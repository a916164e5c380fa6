// State `node`: the Node of the required version, as a file that was run and said so.
import path from 'node:path';
import { npmCache } from '../cache/cache.ts';
import { platformKey, requiredNode, type PinnedPackage } from '../config.ts';
import type { PrimeContext } from '../context.ts';
import { isExecutable, lstat, readText, writeAtomic } from '../files.ts';
import { findInstalledNode, versionOf } from '../machine/find-node.ts';
import { defineState, type State } from './graph.ts';
import { findMachineNpm, type MachineNpm } from '../machine/machine-npm.ts';
import { cachedText, cachePackage, inboxFile, isIntact, itemFolder, type CacheItem } from '../cache/package-cache.ts';
import { PrimeError } from '../problem.ts';
import fs from 'node:fs';

/** The file the launcher reads: one line, the path of the Node to go on with. */
const nodeStamp = (context: PrimeContext): string => path.join(context.stateFolder, 'node');

const binary = (folder: string): string => path.join(folder, 'bin', 'node');

function cacheItem(pinned: PinnedPackage): CacheItem {
  return { kind: 'node', pinned, suffix: `-${platformKey()}`, wanted: (file) => file === 'bin/node' || file === 'LICENSE' };
}

/** The machine's npm. @throws PrimeError PRIME_NO_NPM */
export function machineNpm(context: PrimeContext): MachineNpm {
  const { npm, tried } = findMachineNpm(context.env, [process.execPath], npmCache(context.cache));
  if (npm !== undefined) return npm;
  throw new PrimeError('PRIME_NO_NPM', 'no npm on this machine can be run, and the first packages are fetched with it', {
    tried: tried.length === 0 ? 'looking for npm in every folder of PATH' : tried.join('\n'),
    do: 'Install Node with npm (any version from 12 on), or put its folder on PATH',
  });
}

function pinnedNode(context: PrimeContext): PinnedPackage {
  const key = platformKey();
  const pinned = context.config.nodePackages[key];
  if (pinned !== undefined) return pinned;
  throw new PrimeError('PRIME_NO_NODE', `Node ${context.config.nodeVersion} is not installed, and no package of it is pinned for ${key}`, {
    tried: 'every Node on PATH and in the folders of version managers',
    saw: `pinned platforms: ${Object.keys(context.config.nodePackages).join(', ')}`,
    do: `Install Node ${context.config.nodeVersion} with a version manager, then run it again`,
  });
}

/** Where the required Node is now; undefined when it has to be fetched. Changes nothing. */
export function lookForNode(context: PrimeContext): { readonly file: string; readonly from: string } | undefined {
  const version = requiredNode(context.config);
  const pinned = context.config.nodePackages[platformKey()];
  // With its tarball in the inbox, this very Node may be one that the launcher unpacked for this hop only.
  const isPassing = pinned !== undefined && lstat(inboxFile(context.cache, pinned)) !== undefined;
  if (process.versions.node === version && !isPassing) return { file: process.execPath, from: 'this process' };
  if (pinned !== undefined) {
    const item = cacheItem(pinned);
    const file = binary(itemFolder(context.cache, item));
    if (isExecutable(file) && isIntact(context.cache, item) && versionOf(file, context.env) === version) return { file, from: 'cache' };
  }
  const file = findInstalledNode(version, context.env);
  return file === undefined ? undefined : { file, from: 'this machine' };
}

async function fetchNode(context: PrimeContext): Promise<string> {
  const pinned = pinnedNode(context);
  const version = requiredNode(context.config);
  const step = context.progress.step(`node ${version}`);
  try {
    const cached = await cachePackage(context, cacheItem(pinned), () => (context.options.offline ? undefined : machineNpm(context)), step);
    const file = binary(cached.folder);
    const seen = versionOf(file, context.env);
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
  does: 'the Node release that .node-version names',
  parents: [],
  look(context) {
    const found = lookForNode(context);
    return found === undefined
      ? { fresh: false, why: `Node ${requiredNode(context.config)} has to be fetched` }
      : { fresh: true, why: `${found.file} (${found.from})` };
  },
  async reach(context): Promise<string> {
    const file = lookForNode(context)?.file ?? (await fetchNode(context));
    const stamp = nodeStamp(context);
    if (readText(stamp) !== `${file}\n`) {
      fs.mkdirSync(context.stateFolder, { recursive: true });
      writeAtomic(stamp, `${file}\n`);
    }
    return file;
  },
});
