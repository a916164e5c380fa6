import { join } from 'node:path';

/** What is known of the program that this process runs. */
export interface ProgramFacts {
  /** `process.argv[1]`; undefined under `-e` and in a REPL. */
  readonly entryFile: string | undefined;
  /** `$XDG_CACHE_HOME/resprout`, else `~/.cache/resprout`; undefined when there is no home either. */
  readonly cacheFolder: string | undefined;
  /** Wall-clock milliseconds at which the process started. */
  readonly startedMs: number;
}

/** The facts of this process. */
export function programFacts(): ProgramFacts {
  const { XDG_CACHE_HOME: cache, HOME: home } = process.env;
  const base = cache?.startsWith('/') === true ? cache : home === undefined ? undefined : join(home, '.cache');
  return {
    entryFile: process.argv[1],
    cacheFolder: base === undefined ? undefined : join(base, 'resprout'),
    startedMs: performance.timeOrigin,
  };
}
