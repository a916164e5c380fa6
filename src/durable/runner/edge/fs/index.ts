import fs from 'node:fs';
import type { Patcher } from '../../globals/patch.ts';
import { setDescriptorResolver } from '../../puppets/descriptors.ts';
import { patchCopy } from './calls/copy.ts';
import { patchDir } from './calls/dir.ts';
import { patchGlob } from './calls/glob.ts';
import { patchPathCalls } from './calls/path-calls.ts';
import { patchSmallCalls } from './calls/small-calls.ts';
import { nativeNumber } from './descriptors/descriptor-table.ts';
import { patchDescriptors } from './descriptors/fd-calls.ts';
import { markFileHandle } from './descriptors/file-handle.ts';
import { real } from './real-fs.ts';
import { patchFileStreams } from './streams/file-streams.ts';
import { patchWatchers } from './watch/watch-calls.ts';

export { fileHandlesReady } from './descriptors/file-handle.ts';

/**
 * The file system as a program sees it: what leaves JavaScript is recorded where it leaves, whoever calls. Streams of files are Node's own, over
 * the patched functions.
 */
export function patchFs(patcher: Patcher): void {
  patchPathCalls(patcher);
  patchCopy(patcher);
  patchSmallCalls(patcher);
  patchDir(patcher);
  patchGlob(patcher);
  patchDescriptors(patcher);
  patchFileStreams(patcher);
  patchWatchers(patcher);
  markFileHandle(patcher.realm.kinds);
  // Children that are given a file as one of their streams.
  setDescriptorResolver((session, number) => {
    const native = nativeNumber(session, number);
    return typeof native === 'number' ? native : undefined;
  });
  // Classes of results that node:fs does not export: they are taken from a result.
  const BigIntStats: unknown = real.statSync(process.execPath, { bigint: true }).constructor;
  const StatFs: unknown = real.statfsSync(process.execPath).constructor;
  patcher.realm.registerModule('node:fs', 'node:fs', { BigIntStats, StatFs, Stats: fs.Stats, Dirent: fs.Dirent });
}
