// State `npm`: the npm that installs, and the settings with which the machine's own npm would reach its registry.
import path from 'node:path';
import { npmCache } from '../cache/cache.ts';
import type { PinnedPackage } from '../config/config.ts';
import { defineState, type State } from './graph.ts';
import { findMachineNpm, usualSettings, type NpmSettings } from '../machine/machine-npm.ts';
import { cachedText, cachePackage, isIntact, itemFolder, type CacheItem } from '../cache/package-cache.ts';
import { nodeState } from './node-state.ts';
import type { PrimeContext } from '../context.ts';
import { PrimeError } from '../problem.ts';

/** The npm that installs. */
export interface InstallingNpm extends NpmSettings {
  readonly cli: string;
  /** What it runs on. */
  readonly node: string;
}

const itemOf = (pinned: PinnedPackage): CacheItem => ({ kind: 'npm', pinned, suffix: '', wanted: () => true });

/** The pinned one, from the cache or the registry. */
async function pinnedNpm(context: PrimeContext, pinned: PinnedPackage, node: string): Promise<InstallingNpm> {
  const item = itemOf(pinned);
  const settings = (): NpmSettings => findMachineNpm(context.env, [node], npmCache(context.cache)).npm ?? usualSettings();
  if (isIntact(context.cache, item)) return { ...settings(), node, cli: cliIn(itemFolder(context.cache, item)) };
  const step = context.progress.step(`npm ${pinned.version}`);
  try {
    const cached = await cachePackage(context, item, step);
    step.done(cachedText(cached));
    return { ...settings(), node, cli: cliIn(cached.folder) };
  } catch (error) {
    step.failed();
    throw error;
  }
}

/** One of the machine, where none is pinned. @throws PrimeError PRIME_NO_NPM */
function npmOfMachine(context: PrimeContext, node: string): InstallingNpm {
  const { npm, tried } = findMachineNpm(context.env, [node], npmCache(context.cache), true);
  if (npm !== undefined) return npm;
  throw new PrimeError('PRIME_NO_NPM', 'no npm from 7 on can be run on this machine, and none is pinned', {
    tried: tried.length === 0 ? 'looking for npm in every folder of PATH, and beside the Node that runs' : tried.join('\n'),
    do: 'Install npm, or pin one that is fetched: ./prime pin',
  });
}

/** The state. Asked for only when packages have to be installed. */
export const npmState: State<'npm', readonly [typeof nodeState], InstallingNpm> = defineState({
  name: 'npm',
  does: 'the npm that installs the packages',
  parents: [nodeState],
  look(context) {
    const pinned = context.config.npm;
    if (pinned === undefined) return { fresh: true, why: 'none is pinned: one of the machine is used' };
    const fresh = isIntact(context.cache, itemOf(pinned));
    return { fresh, why: `npm ${pinned.version} ${fresh ? 'is in the cache' : 'has to be fetched'}` };
  },
  async reach(context, parents): Promise<InstallingNpm> {
    const node = await parents.node();
    const pinned = context.config.npm;
    return pinned === undefined ? npmOfMachine(context, node) : pinnedNpm(context, pinned, node);
  },
});

const cliIn = (folder: string): string => path.join(folder, 'bin', 'npm-cli.js');
