import { ResproutError } from '../../base/errors/errors.ts';
import { decodeValue } from '../../wire/values/value-decode.ts';
import type { LostReport } from '../hosts/host.ts';

/** The error that a waiter gets when its context is gone, with the last words of the process. */
export function lostError(what: string, report: LostReport | undefined, why = ''): ResproutError {
  if (report === undefined)
    return new ResproutError('REMOTE_LOST', `${what}: the context is not there${why === '' ? '' : ` (${why})`}`, { tried: `call ${what}` });
  const saw = [report.reason, ...report.lastLines.slice(-5)].join('\n');
  const problem = { tried: `call ${what}`, saw };
  const options = report.error === undefined ? undefined : { cause: causeOf(report.error) };
  if (report.how === 'closed') return new ResproutError('REMOTE_CLOSED', `${what}: the context was closed by this program`, problem);
  if (report.how === 'exited') return new ResproutError('REMOTE_EXITED', `${what}: the far side ${report.reason}`, problem, options);
  return new ResproutError('REMOTE_LOST', `${what}: the context is lost, ${report.reason}`, problem, options);
}

function causeOf(bytes: Uint8Array): unknown {
  try {
    return decodeValue(bytes);
  } catch {
    return undefined;
  }
}
