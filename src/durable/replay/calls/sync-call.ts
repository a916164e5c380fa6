// A call that is executed where it stands and recorded with its result. Before an effect everything earlier is on disk; a read waits
// only for effects that it may see. Whether a call was synchronous after all, its result tells.
import { types } from 'node:util';
import { ResproutError } from '../../../base/errors/errors.ts';
import { shownName, type Outcome, type SyncEvent } from '../../journal/events/event.ts';
import { followAsync } from './async-call.ts';
import type { CallSpec } from './call-spec.ts';
import type { SessionParts } from '../session/session-parts.ts';
import type { Issued } from './issue.ts';
import { exitCodeOf, exitOutcome } from './exit-outcome.ts';
import { isListening } from '../live/listeners.ts';
import { classNameOf } from '../live/live-objects.ts';
import { perform } from './perform.ts';
import { adoptResult, standInFor } from '../live/remake.ts';
import type { Recorded } from '../live/results.ts';
import { isObject, isThenable } from '../kinds/value-checks.ts';

/** The session is parked: a real runner does not come back from the wait; elsewhere nothing of this session is recorded any more. */
function parkHere(parts: SessionParts, spec: CallSpec): never {
  parts.options.onParkedInSync?.();
  throw parts.fail(
    new ResproutError('SESSION_PARKED', `${spec.fn} was called while the session is parked`, {
      tried: spec.fn,
      kept: 'Everything recorded before it; the call was not made',
    }),
  );
}

/** A new call. @throws what it throws, as its recorded copy */
export function makeSync(parts: SessionParts, spec: CallSpec, issued: Issued): unknown {
  if (parts.parked) parkHere(parts, spec);
  if (spec.effect) {
    parts.barrier();
    parts.options.onSyncEffect?.(spec.fn);
  } else parts.beforeRead();
  let recorded: Recorded;
  try {
    const made = perform(parts, spec, issued.id, issued.args, spec.mode === 'unknown');
    if (parts.askedExit !== undefined) throw exitOutcome(parts.askedExit);
    if (spec.mode === 'unknown' && (types.isPromise(made) || (spec.awaited && isThenable(made))))
      return followAsync(parts, spec, issued, made);
    recorded = result(parts, spec, made);
  } catch (error) {
    const code = parts.askedExit;
    parts.askedExit = undefined;
    recorded = { outcome: parts.results.error(shownName(spec), code === undefined ? error : exitOutcome(code)) };
  } finally {
    if (spec.effect) parts.options.onSyncEffect?.(undefined);
  }
  const atMs = parts.options.clock.wallMs();
  const outcome = ofReceiver(spec, recorded);
  const event: SyncEvent = {
    t: 'sync',
    id: issued.id,
    ...issued.stamp,
    fn: spec.fn,
    site: spec.site,
    argsHash: issued.argsHash,
    atMs,
    outcome,
  };
  parts.writer.append(event);
  parts.now.observe(atMs);
  if (recorded.live !== undefined) adoptResult(parts, spec, issued.id, recorded.live, classNameOf(recorded.live));
  return take(parts, event, recorded.live);
}

/** A live result that is the object it was asked of says so: a replay gives that one again. */
function ofReceiver({ receiver }: CallSpec, { outcome, live }: Recorded): Outcome {
  const isReceiver = outcome.kind === 'live' && live !== undefined && (receiver?.value === live || receiver?.info.real === live);
  return isReceiver ? { ...outcome, isReceiver } : outcome;
}

function result(parts: SessionParts, spec: CallSpec, made: unknown): Recorded {
  if (spec.step !== false) return { outcome: { kind: 'value', bytes: parts.results.data(`the items of ${shownName(spec)}`, made) } };
  // A thenable that nobody awaits here is a builder: it is made again, and runs where it is awaited.
  if (isObject(made) && (spec.mode === 'construct' || isThenable(made)))
    return { outcome: { kind: 'live', className: classNameOf(made) }, live: made };
  return parts.results.sync(shownName(spec), made);
}

function take(parts: SessionParts, event: SyncEvent, live: object | undefined): unknown {
  const { outcome } = event;
  if (outcome.kind === 'live') return live;
  const value = parts.results.read(outcome.bytes);
  if (outcome.kind !== 'error') return value;
  return refuse(parts, value, event.id);
}

/** What a failed call gives to the program. */
function refuse(parts: SessionParts, error: unknown, id: number): never {
  const exitCode = exitCodeOf(error);
  if (exitCode !== undefined) return parts.session.exit(exitCode);
  parts.blame.note(error, id);
  throw error;
}

/** A recorded call: answered from the journal, or its live object made again. */
export function replaySync(parts: SessionParts, spec: CallSpec, issued: Issued, event: SyncEvent): unknown {
  const { id, args } = issued;
  parts.now.observe(event.atMs);
  const { outcome } = event;
  if (spec.channels && parts.channels.has(id) && outcome.kind !== 'live' && !parts.cursor.wasCalledBack(id))
    parts.pump.whenCaughtUp(() => callAgain(parts, spec, id, args));
  if (outcome.kind === 'live') {
    const made = standInFor(parts, spec, id, args, outcome);
    if (isListening(spec)) parts.listeners.registered(spec, id, args);
    return made;
  }
  const value = parts.results.read(outcome.bytes);
  if (spec.receiver !== undefined) parts.live.answered(spec.receiver, id, outcome.kind === 'value' && value === undefined);
  return outcome.kind === 'error' ? refuse(parts, value, id) : value;
}

/** Its callback never came: the outcome is unknown, so the call is made once more. Its result is known already. */
function callAgain(parts: SessionParts, spec: CallSpec, id: number, args: readonly unknown[]): void {
  try {
    const made = perform(parts, spec, id, args, false);
    if (types.isPromise(made))
      made.catch((error: unknown) => parts.warn(`${spec.fn}, called again for its callback, failed: ${String(error)}`));
  } catch (error) {
    parts.warn(`${spec.fn}, called again for its callback, failed: ${String(error)}`);
  }
}
