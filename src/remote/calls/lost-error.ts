import { ResproutError } from '../../base/errors/errors.ts';
import { markFar } from '../../base/errors/far-errors.ts';
import { decodeValue } from '../../wire/values/value-decode.ts';
import type { LostReport } from '../hosts/host.ts';

const losses = new WeakSet<Error>();

/** Says of an error that it tells the end of a link: only who holds the link can know that. */
export function linkLoss<E extends Error>(error: E): E {
  losses.add(error);
  return error;
}

/** Whether an error tells the end of a link. One that a far side threw does not, whatever it says. */
export function isLinkLoss(error: unknown): error is ResproutError {
  return error instanceof ResproutError && losses.has(error);
}

/** The error that a waiter gets when its context is gone, with the last words of the process. */
export function lostError(what: string, report: LostReport | undefined, why = ''): ResproutError {
  if (report === undefined)
    return linkLoss(
      new ResproutError('REMOTE_LOST', `${what}: the context is not there${why === '' ? '' : ` (${why})`}`, { tried: `call ${what}` }),
    );
  const saw = [report.reason, ...report.lastLines.slice(-5)].join('\n');
  const problem = { tried: `call ${what}`, saw };
  const options = report.error === undefined ? undefined : { cause: causeOf(report.error, what) };
  if (report.how === 'closed') return new ResproutError('REMOTE_CLOSED', `${what}: the context was closed by this program`, problem);
  if (report.how === 'detached')
    return new ResproutError('REMOTE_DETACHED', `${what}: the context was detached by this program and lives on without it`, problem);
  if (report.how === 'exited') return new ResproutError('REMOTE_EXITED', `${what}: the far side ${report.reason}`, problem, options);
  return linkLoss(new ResproutError('REMOTE_LOST', `${what}: the context is lost, ${report.reason}`, problem, options));
}

function causeOf(bytes: Uint8Array, what: string): unknown {
  try {
    return decodeValue(bytes, { onError: (error) => markFar(error, what) });
  } catch {
    return undefined;
  }
}
