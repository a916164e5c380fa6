// How a program under plain Node tells its outcome: lines of JSON on descriptor 3, which no program knows of.
import { writeSync } from 'node:fs';
import type { FailureText } from './failure.ts';

export type PlainReport =
  | { readonly kind: 'value'; readonly text: string }
  /** `main` rejected or threw. */
  | { readonly kind: 'failed'; readonly failure: FailureText }
  /** Something was thrown that nothing caught; the process ends with it unless the program listens. */
  | { readonly kind: 'uncaught'; readonly failure: FailureText };

/** Stands on stderr where Node's own account of an uncaught error begins. */
export const UNCAUGHT_MARK = '\u0000uncaught\u0000';

const REPORT_FD = 3;

export function tellPlain(report: PlainReport): void {
  writeSync(REPORT_FD, `${JSON.stringify(report)}\n`);
}
