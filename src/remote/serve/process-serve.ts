import { createDisk } from '../../platform/disk/disk.ts';
import { programFacts } from '../../platform/process/program-facts.ts';
import { createPlainServe } from './create-plain-serve.ts';
import type { PlainServe } from './plain-serve.ts';

/** Finds and serves functions of the program that this process runs; builds are kept in the user's cache folder. One per thread. */
export function processServe(): PlainServe {
  const { entryFile, cacheFolder, startedMs } = programFacts();
  return createPlainServe({
    disk: createDisk({ sync: false }),
    entryFile,
    cacheFolder: cacheFolder === undefined ? undefined : `${cacheFolder}/builds`,
    startedMs,
  });
}
