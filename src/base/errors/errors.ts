import { isError } from './is-error.ts';
import { ERROR_CODES, isErrorCode, type ErrorCode } from './error-codes.ts';

/** A place in a source file of the user, 1-based. */
export interface SourcePlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** The fields from which an error is shown. Absent ones are left out. All texts are single sentences without final period. */
export interface Problem {
  /** Where in the user's program. */
  readonly at?: SourcePlace | undefined;
  /** What was tried, on what. */
  readonly tried?: string | undefined;
  /** What was seen. */
  readonly saw?: string | undefined;
  /** What is safe: sessions, events, files. */
  readonly kept?: string | undefined;
  /** What to do now; the cure of the table when absent. */
  readonly do?: string | undefined;
}

const brand: unique symbol = Symbol.for('resprout.error') as never;

/** The one error class of Resprout. Programs tell errors apart by `code`, never by `instanceof`: errors cross processes and copies. */
export class ResproutError extends Error {
  static {
    Object.defineProperty(this.prototype, brand, { value: true });
    Object.defineProperty(this.prototype, 'name', { value: 'ResproutError', configurable: true, writable: true });
    // The class is found by its name on the other side of a link, also where a minifier has renamed it.
    Object.defineProperty(this, 'name', { value: 'ResproutError', configurable: true });
  }
  readonly code: ErrorCode;
  readonly problem: Problem;
  /** Name of the context whose process made it; absent for an error of this side. Nothing here follows what a far error says. */
  declare readonly far?: string;

  /**
   * @param code one of the table
   * @param message what happened, with the values that matter; one sentence, no final period
   * @param problem the fields it is shown with
   * @param options the cause, when another error led to it
   */
  constructor(code: ErrorCode, message: string, problem: Problem = {}, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.problem = problem;
  }
}

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
