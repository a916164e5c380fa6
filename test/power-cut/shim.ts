import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** Compiles the shim into a folder. Needs a C compiler (`cc`). */
export function compileShim(folder: string): string {
  const library = join(folder, 'shim.so');
  execFileSync('cc', ['-O2', '-Wall', '-Werror', '-shared', '-fPIC', '-o', library, join(import.meta.dirname, 'shim.c'), '-ldl'], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return library;
}

/** One call that fails. */
export interface Failure {
  /** `commit`: the first write after `nth` - 1 syncs. `grow`, `grow-sync`: zeros that are written ahead of a log, and their sync. */
  readonly call: 'fsync' | 'write' | 'commit' | 'grow' | 'grow-sync';
  /** From 1; only calls after the program's first acknowledgement count when `afterAck` is set. */
  readonly nth: number;
  readonly afterAck?: boolean;
  /** The calls after it fail too. */
  readonly onwards?: boolean;
  readonly error: 'EIO' | 'ENOSPC';
  /** End of the name of the file. */
  readonly file: string;
}

const ERRNO = { EIO: 5, ENOSPC: 28 } as const;

/** Environment of a process that the shim watches. */
export function shimEnvironment(options: {
  readonly library: string;
  /** Absolute path, links resolved. */
  readonly folder: string;
  readonly log?: string;
  readonly failure?: Failure;
}): Record<string, string> {
  const { library, folder, log, failure } = options;
  return {
    LD_PRELOAD: library,
    SHIM_FOLDER: folder,
    ...(log === undefined ? {} : { SHIM_LOG: log }),
    ...(failure === undefined ? {} : { SHIM_FAIL: failureText(failure) }),
  };
}

/** The value of SHIM_FAIL, which a watched process may set anew. */
export function failureText({ call, nth, afterAck, onwards, error, file }: Failure): string {
  return `${call} ${afterAck === true ? 'a' : ''}${nth}${onwards === true ? '+' : ''} ${ERRNO[error]} ${file}`;
}
