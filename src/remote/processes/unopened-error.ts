import { ResproutError } from '../../base/errors/errors.ts';
import { isCutOffBy } from '../connect/index.ts';
import type { LostReport } from '../hosts/host.ts';

/** Last lines in which a reason is sought. */
const MOST_LINES = 20;

/** Of a Node that dies: it writes the error, a stack, fields of the error, and its version last. */
const ERROR_LINE = /^(?:Uncaught )?\[?\w*(?:Error|Exception)\b.*[:\]]/;
const TRAILING = /^(?:Node\.js v[\d.]+|[\]})]*|\s+.*)$/;

/** The line that says why: the error of a Node that died, else the last one that says something. */
function reasonIn(lines: readonly string[]): string | undefined {
  return lines.findLast((line) => ERROR_LINE.test(line)) ?? lines.findLast((line) => !TRAILING.test(line)) ?? lines.at(-1);
}

/**
 * The error for a far process that had started and ended before its HELLO. Ended by a signal or with its link: REMOTE_LOST, which may pass.
 * Ended by itself: REMOTE_CONNECT_FAILED.
 *
 * @param words last lines of the transport
 */
export function unopenedError(what: string, method: string, report: LostReport, words: readonly string[]): ResproutError {
  const isCutOff = report.how === 'lost' && (report.exitCode === null || isCutOffBy(method, report.exitCode));
  const lines = words.slice(-5);
  const why = words.slice(-MOST_LINES);
  const fields = { tried: `open ${what}`, saw: [report.reason, ...lines].join('\n') };
  return isCutOff
    ? new ResproutError('REMOTE_LOST', `${what} was lost while it was opened: ${report.reason}`, fields)
    : new ResproutError('REMOTE_CONNECT_FAILED', `${what} ended before it was open: ${reasonIn(why) ?? report.reason}`, fields);
}
