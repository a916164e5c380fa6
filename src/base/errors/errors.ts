import { isError } from './is-error.ts';
import { ERROR_CODES, isErrorCode, type ErrorCode } from './error-codes.ts';
import { brand, type ResproutError } from './resprout-error.ts';

export { ResproutError, type Problem, type SourcePlace } from './resprout-error.ts';

/** Whether a value is a ResproutError, made by this copy of the package or by another one. */
export function isResproutError(value: unknown): value is ResproutError {
  return isError(value) && brand in value;
}

/** The code of an error of ours; undefined for any other, and for one that came from a far side, whose code decides nothing here. */
export function codeOf(value: unknown): ErrorCode | undefined {
  if (!isResproutError(value) || value.far !== undefined) return undefined;
  const { code } = value;
  return isErrorCode(code) ? code : undefined;
}

/** The exit code that a command ends with after this error: the table's for a coded one, 1 otherwise. */
export function exitCodeOf(value: unknown): 1 | 2 | 3 | 4 {
  const code = codeOf(value);
  return code === undefined ? 1 : ERROR_CODES[code].exit;
}

/** Any thrown value as an Error; other values become the message of one. */
export function toError(thrown: unknown): Error {
  if (isError(thrown)) return thrown;
  return new Error(typeof thrown === 'string' ? thrown : `a value that is not an error was thrown: ${asText(thrown)}`, { cause: thrown });
}

/** Plain data as JSON, so that `throw { code: 7 }` says what was thrown; other values as the language writes them. */
function asText(value: unknown): string {
  try {
    return (typeof value === 'object' ? JSON.stringify(value) : undefined) ?? String(value);
  } catch {
    // A cycle, or an object that cannot be made a text.
    return Object.prototype.toString.call(value);
  }
}
