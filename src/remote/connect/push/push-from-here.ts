import { join } from 'node:path';
import type { DialSeams } from '../method.ts';
import type { PushNode } from '../recipe.ts';
import { findNode } from './find-node.ts';
import { nodePush } from './node-push.ts';
import type { PushStep } from './push-step.ts';
import { PushedFiles } from './pushed-file.ts';

/** The files of this process, by the folder of its cache. */
const filesByFolder = new Map<string | undefined, PushedFiles>();

/** A folder of the user's caches: `resprout` is ours, `prime` has the Nodes that the primer has fetched. */
function cacheFolderOf({ XDG_CACHE_HOME: cache, HOME: home }: DialSeams['env'], name: 'resprout' | 'prime'): string | undefined {
  const base = cache?.startsWith('/') === true ? cache : home === undefined ? undefined : join(home, '.cache');
  return base === undefined ? undefined : join(base, name);
}

/** The answers of one push from this machine. */
export function pushFromHere(push: PushNode, tried: string, { clock, env }: DialSeams, notice: (text: string) => void): PushStep {
  const folder = cacheFolderOf(env, 'resprout');
  let files = filesByFolder.get(folder);
  if (files === undefined) filesByFolder.set(folder, (files = new PushedFiles(folder)));
  const kept = files;
  return nodePush({ push, tried, files, clock, notice, find: (system) => findNode(system, push, kept, cacheFolderOf(env, 'prime')) });
}
