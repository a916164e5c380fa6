import type { Disk } from '../../base/seams/disk.ts';
import { durableExtension } from '../../durable/transform/index.ts';
import { createDisk } from '../../platform/disk/disk.ts';
import { programFacts } from '../../platform/process/program-facts.ts';
import { createBuilder, type Builder } from '../../modules/index.ts';
import type { Store } from './store.ts';

/** The builder of a store: its files carry module functions for sessions beside the text for far contexts. */
export function storeBuilder(store: Store, disk: Disk): Builder {
  const { cacheFolder } = programFacts();
  return createBuilder({
    cacheFolder: store.buildsFolder,
    disk,
    artefactDisk: createDisk({ sync: false }),
    extend: durableExtension(),
    classifyPackages: true,
    scanFolder: cacheFolder === undefined ? undefined : `${cacheFolder}/packages`,
  });
}
