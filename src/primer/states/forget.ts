// What `./prime reboot` forgets: all that says that something is done. What was made stays until it is made again.
import path from 'node:path';
import type { PrimeContext } from '../context.ts';
import { namesIn, removeTree } from '../files.ts';
import { installedPlaces, packagesStamp } from '../packages/install-packages.ts';

/** Stamps below `.prime`: of builds, what they read, and of Node. */
const STAMPS = /^(?:built|sources)(?:-.*)?$|^node$|^facts$/;

/** Forgets it. */
export async function forget(context: PrimeContext): Promise<void> {
  await context.own();
  for (const name of namesIn(context.stateFolder)) if (STAMPS.test(name)) removeTree(path.join(context.stateFolder, name));
  for (const folder of context.config.built?.clean ?? []) removeTree(path.join(context.config.root, folder));
  for (const place of ['', ...installedPlaces(context)]) removeTree(packagesStamp(context, place));
}
