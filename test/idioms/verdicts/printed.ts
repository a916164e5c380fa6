// Text that was printed over a kill and a resume. Each line once is the aim.
import { textDifference } from './difference.ts';
import type { Verdict } from './verdict.ts';

export interface PrintedVerdict {
  readonly verdict: Verdict;
  readonly why?: string;
}

/** @param before printed until the kill @param after printed by the resumed session */
export function judgePrinted(what: string, expected: string, before: string, after: string): PrintedVerdict {
  if (before + after === expected) return { verdict: 'right' };
  if (!expected.startsWith(before)) return { verdict: 'wrong', why: textDifference(`${what} before the kill`, expected, before) ?? what };
  if (!expected.endsWith(after)) {
    return { verdict: 'wrong', why: textDifference(`${what} after the kill`, expected.slice(before.length), after) ?? what };
  }
  const missing = expected.length - before.length - after.length;
  const piece = missing > 0 ? expected.slice(before.length, before.length + missing) : after.slice(0, -missing);
  const why = `${what}: ${JSON.stringify(piece.slice(0, 60))}`;
  return { verdict: missing > 0 ? 'text lost' : 'text repeated', why };
}
