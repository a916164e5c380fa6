// Makes a call for real, or refuses it where the object it is made on is not the one the program knows.
import { ResproutError } from '../../../base/errors.ts';
import type { CallSpec, Receiver } from './call-spec.ts';
import { activityInfo } from '../session/activity-info.ts';
import type { SessionParts } from '../session/session-parts.ts';
import { interruptedError, isCloser, lostError } from '../live/live-objects.ts';
import { isThenable } from '../kinds/value-checks.ts';

function lost(spec: CallSpec, receiver: Receiver, cause?: unknown): ResproutError {
  const error = lostError(spec.fn, receiver.info, spec.site);
  return cause === undefined ? error : new ResproutError('LIVE_OBJECT_LOST', error.message, error.problem, { cause });
}

async function onReopened(spec: CallSpec, receiver: Receiver, opening: PromiseLike<unknown>, args: readonly unknown[]): Promise<unknown> {
  let real: unknown;
  try {
    real = await opening;
  } catch (error) {
    throw lost(spec, receiver, error);
  }
  if (typeof real !== 'object' || real === null) throw lost(spec, receiver);
  receiver.info.real = real;
  return await receiver.invoke(real, args);
}

/** A call on a stand-in: on the real object when there is one, or when nothing was done with it yet and it can be opened. */
function onStandIn(parts: SessionParts, spec: CallSpec, receiver: Receiver, args: readonly unknown[], mayWait: boolean): unknown {
  const { info } = receiver;
  if (info.real !== undefined) return receiver.invoke(info.real, args);
  if (isCloser(receiver.method)) return undefined;
  if (info.reopen === undefined || info.answered > 0) throw lost(spec, receiver);
  let real: unknown;
  try {
    real = info.reopen();
  } catch (error) {
    throw lost(spec, receiver, error);
  }
  if (isThenable(real)) {
    if (mayWait) return onReopened(spec, receiver, real, args);
    Promise.resolve(real).catch(() => undefined);
    throw lost(spec, receiver);
  }
  if (typeof real !== 'object' || real === null) throw lost(spec, receiver);
  info.real = real;
  return receiver.invoke(real, args);
}

/** Whether a source that can only begin again was read in part. */
function isCutOff(spec: CallSpec, receiver: Receiver, id: number): boolean {
  if (spec.step === false || receiver.info.answered === 0) return false;
  return spec.step === 'single' || receiver.info.lastAnswered + 1 !== id;
}

/**
 * Makes the call as an activity. @param mayWait whether a promise may come back although the call is not known to be asynchronous
 * @throws what the call throws; ResproutError LIVE_OBJECT_LOST, STREAM_INTERRUPTED
 */
export function perform(parts: SessionParts, spec: CallSpec, id: number, args: readonly unknown[], mayWait: boolean): unknown {
  const info = activityInfo(parts, id);
  const { receiver } = spec;
  return parts.outside(info, () => {
    if (receiver !== undefined) {
      if (isCutOff(spec, receiver, id)) throw interruptedError(spec.fn, receiver.info, spec.site);
      if (receiver.info.isStandIn) return onStandIn(parts, spec, receiver, args, mayWait);
      if (spec.step === false && parts.live.isLost(receiver.info) && !isCloser(receiver.method)) throw lost(spec, receiver);
    }
    return spec.run(args, info.idempotencyKey, info.signal);
  });
}
