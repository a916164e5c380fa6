// Makes a call for real, or refuses it where the object it is made on is not the one the program knows.
import { types } from 'node:util';
import { ResproutError } from '../../../base/errors/errors.ts';
import type { CallSpec, Receiver } from './call-spec.ts';
import { activityInfo } from '../session/activity-info.ts';
import type { SessionParts } from '../session/session-parts.ts';
import { interruptedError, isCloser, lostError } from '../live/live-objects.ts';

function lost(spec: CallSpec, receiver: Pick<Receiver, 'info'>, cause?: unknown): ResproutError {
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

/** The object behind a stand-in, or a promise of it: opened, when nothing was done with it yet. @throws ResproutError LIVE_OBJECT_LOST */
function realOf(spec: CallSpec, receiver: Pick<Receiver, 'info'>): unknown {
  const { info } = receiver;
  if (info.real !== undefined) return info.real;
  // Chunks of a source that begins again are passed over.
  if (info.reopen === undefined || (info.answered > 0 && spec.step !== 'chunk')) throw lost(spec, receiver);
  let real: unknown;
  try {
    real = info.reopen();
  } catch (error) {
    throw lost(spec, receiver, error);
  }
  if (typeof real !== 'object' || real === null) throw lost(spec, receiver);
  // A promise is a builder's own, or of a call that opens it: the latter is waited for by who may.
  if (!types.isPromise(real)) info.real = real;
  return real;
}

/** A call on a stand-in. */
function onStandIn(spec: CallSpec, receiver: Receiver, args: readonly unknown[], mayWait: boolean): unknown {
  if (receiver.info.real === undefined && isCloser(receiver.method)) return undefined;
  const real = realOf(spec, receiver);
  if (!types.isPromise(real)) return receiver.invoke(real as object, args);
  if (mayWait) return onReopened(spec, receiver, real, args);
  real.catch(() => undefined);
  throw lost(spec, receiver);
}

/** How deep stand-ins are looked for in arguments. */
const LEVELS = 3;

/** An argument for a call that is really made: the objects behind stand-ins in their place. */
function opened(parts: SessionParts, spec: CallSpec, arg: unknown, levels = LEVELS): unknown {
  const info = parts.live.of(arg);
  if (info?.isStandIn === true) return realOf(spec, { info });
  if (levels === 0 || typeof arg !== 'object' || arg === null || Object.getPrototypeOf(arg) !== Object.prototype) return arg;
  const fields = Object.entries(arg).map(([key, value]): [string, unknown] => [key, opened(parts, spec, value, levels - 1)]);
  return fields.every(([key, value]) => value === Reflect.get(arg, key)) ? arg : Object.fromEntries(fields);
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
    const given = parts.live.hasAny ? args.map((arg) => opened(parts, spec, arg)) : args;
    if (receiver !== undefined) {
      if (isCutOff(spec, receiver, id)) throw interruptedError(spec.fn, receiver.info, spec.site);
      if (receiver.info.isStandIn) return onStandIn(spec, receiver, given, mayWait);
      if (spec.step === false && parts.live.isLost(receiver.info) && !isCloser(receiver.method)) throw lost(spec, receiver);
    }
    return spec.run(given, info.idempotencyKey, info.signal);
  });
}
