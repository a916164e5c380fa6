// The one table of error codes. A code is never renamed and never reused: a retired one moves to RETIRED_CODES.
// `exit` is the process exit code that the command line gives when this error ends a command (docs/exit-codes.md).
// `docs/errors.md` has one heading per code; a test keeps the two equal.
import { PROGRAM_CODES } from './program-codes.ts';
import { REACH_CODES } from './reach-codes.ts';

/** All codes, those of other machines first, in alphabetical order. */
export const ERROR_CODES: typeof REACH_CODES & typeof PROGRAM_CODES = { ...REACH_CODES, ...PROGRAM_CODES };

/** Codes of earlier versions. They are never used again, so that an old document never explains a new error. */
export const RETIRED_CODES: readonly string[] = ['RUN_NO_ENTRY'];

/** A code of the table. */
export type ErrorCode = keyof typeof ERROR_CODES;

/** Whether a text is a code of the table (an own key of it, nothing inherited). */
export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(ERROR_CODES, text);
}
