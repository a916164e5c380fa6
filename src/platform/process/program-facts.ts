import { join } from 'node:path';

/** What is known of the program that this process runs. */
export interface ProgramFacts {
  /** `process.argv[1]`; undefined under `-e` and in a REPL. */
  readonly entryFile: string | undefined;
  /** `$XDG_CACHE_HOME/resprout`, else `~/.cache/resprout`; undefined when there is no home either. */
  readonly cacheFolder: string | undefined;
  /** Where a service manager puts the credentials of a service; undefined when it gave none. */
  readonly credentialsFolder: string | undefined;
  /** Wall-clock milliseconds at which the process started. */
  readonly startedMs: number;
}

/** The facts of this process. */
export function programFacts(): ProgramFacts {
  const { XDG_CACHE_HOME: cache, HOME: home, CREDENTIALS_DIRECTORY: credentials } = process.env;
  const base = cache?.startsWith('/') === true ? cache : home === undefined ? undefined : join(home, '.cache');
  return {
    entryFile: process.argv[1],
    cacheFolder: base === undefined ? undefined : join(base, 'resprout'),
    credentialsFolder: credentials?.startsWith('/') === true ? credentials : undefined,
    startedMs: performance.timeOrigin,
  };
}
