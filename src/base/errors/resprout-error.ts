// A file of its own, without others: what is bundled into one file and has to have the class that the program has takes it from here.
import type { ErrorCode } from './error-codes.ts';

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

/** What an error of ours is told by, also one that another copy of the package made. */
export const brand: unique symbol = Symbol.for('resprout.error') as never;

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
