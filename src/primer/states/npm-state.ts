// State `npm`: the pinned npm, and the settings with which the machine's own npm would reach its registry.
import path from 'node:path';
import { npmCache } from '../cache/cache.ts';
import { defineState, type State } from './graph.ts';
import { findMachineNpm, usualSettings, type NpmSettings } from '../machine/machine-npm.ts';
import { cachedText, cachePackage, isIntact, itemFolder, type CacheItem } from '../cache/package-cache.ts';
import { machineNpm, nodeState } from './node-state.ts';
import type { PrimeContext } from '../context.ts';

/** The npm that installs. */
export interface PinnedNpm extends NpmSettings {
  readonly cli: string;
}

const itemOf = (context: PrimeContext): CacheItem => ({ kind: 'npm', pinned: context.config.npm, suffix: '', wanted: () => true });

/** The state. Asked for only when packages have to be installed. */
export const npmState: State<'npm', readonly [typeof nodeState], PinnedNpm> = defineState({
  name: 'npm',
  does: 'the pinned npm that installs the packages',
  parents: [nodeState],
  look(context) {
    const fresh = isIntact(context.cache, itemOf(context));
    return { fresh, why: `npm ${context.config.npm.version} ${fresh ? 'is in the cache' : 'has to be fetched'}` };
  },
  async reach(context, parents): Promise<PinnedNpm> {
    const node = await parents.node();
    const item = itemOf(context);
    if (isIntact(context.cache, item))
      return {
        ...(findMachineNpm(context.env, [node], npmCache(context.cache)).npm ?? usualSettings()),
        cli: cliIn(itemFolder(context.cache, item)),
      };
    const step = context.progress.step(`npm ${context.config.npm.version}`);
    try {
      const cached = await cachePackage(context, item, () => (context.options.offline ? undefined : machineNpm(context)), step);
      step.done(cachedText(cached));
      return { ...settings(context, node), cli: cliIn(cached.folder) };
    } catch (error) {
      step.failed();
      throw error;
    }
  },
});

const settings = (context: PrimeContext, node: string): NpmSettings =>
  findMachineNpm(context.env, [node], npmCache(context.cache)).npm ?? usualSettings();

const cliIn = (folder: string): string => path.join(folder, 'bin', 'npm-cli.js');
