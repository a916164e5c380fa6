import { ResproutError } from '../../base/errors/errors.ts';

/** The error of an import that is no whole export. @param line its number, from 1 */
export function invalid(line: number, saw: string, cause?: unknown): ResproutError {
  return new ResproutError(
    'IMPORT_INVALID',
    `this is not the whole, unchanged export of a session: line ${line}: ${saw}`,
    { tried: `read line ${line} of the import`, saw, kept: 'Nothing was imported' },
    cause === undefined ? {} : { cause },
  );
}

/** The error of an export of a later version. */
export function tooNew(what: string, theirs: number, ours: number): ResproutError {
  return new ResproutError(
    'IMPORT_TOO_NEW',
    `the export has version ${theirs} of ${what}, and this version of Resprout reads up to ${ours}`,
    {
      tried: 'read the header of the import',
      saw: `version ${theirs} of ${what}`,
      kept: 'Nothing was imported',
    },
  );
}
