// A log for the states of a repository, on the channels that the user asked for.
import path from 'node:path';
import { defineState, type State } from '../primer-api/state.ts';
import { createScriptLog, type ScriptLog } from './script-log.ts';

/** How the log is kept. */
export interface ScriptLoggerOptions<Name extends string> {
  /** Name of the state, and of its files. Default: `scriptLogger`. */
  readonly name?: Name;
  /** Folder of the files, relative to the root. Default: `.prime/logs`. */
  readonly folder?: string;
  /** How many files stay. Default: 10. */
  readonly keep?: number;
}

/** A state whose value is a log: `-q` shows errors only, `-v` everything, and the file keeps what is at least `info`. */
export function scriptLogger<const Name extends string = 'scriptLogger'>({
  name = 'scriptLogger' as Name,
  folder = '.prime/logs',
  keep = 10,
}: ScriptLoggerOptions<Name> = {}): State<NoInfer<Name>, [], [], ScriptLog> {
  return defineState(name, {
    does: `a log for scripts, in ${folder}`,
    unlocked: true,
    reach: ({ root, quiet, verbose }) =>
      createScriptLog({
        name,
        folder: path.join(root, folder),
        stderr: quiet ? 'error' : verbose ? 'debug' : 'warning',
        file: verbose ? 'debug' : 'info',
        keep,
      }),
  });
}
