// As a whole: an old Node, which has no such names, gets as far as being told that it is too old.
import * as nodeModule from 'node:module';
import { join } from 'node:path';

/** Turns Node's compile cache on, below the user's cache folder. A folder that cannot be written is no error: then there is no cache. */
export function useCompileCache(version: string): void {
  const { XDG_CACHE_HOME: cache, HOME: home } = process.env;
  const base = cache !== undefined && cache.startsWith('/') ? cache : home === undefined ? undefined : join(home, '.cache');
  if (base !== undefined) nodeModule.enableCompileCache?.(join(base, 'resprout', 'compile', version));
}

/** Writes what was compiled so far. Node itself writes at exit, and a process that is killed has none. */
export function saveCompileCache(): void {
  nodeModule.flushCompileCache?.();
}
