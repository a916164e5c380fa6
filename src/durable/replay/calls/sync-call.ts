// A call that is executed where it stands and recorded with its result. Before an effect every earlier result is on disk; a read waits
// for nothing. Whether a call was synchronous after all, its result tells.
import { types } from 'node:util';
import { ResproutError } from '../../../base/errors.ts';
import type { SyncEvent } from '../../journal/event.ts';
import { followAsync } from './async-call.ts';
import type { CallSpec } from './call-spec.ts';
import type { Engine } from '../session/engine.ts';
import type { Issued } from './issue.ts';
import { isListening } from '../live/listeners.ts';
import { classNameOf } from '../live/live-objects.ts';
import { perform } from './perform.ts';
import { adoptResult, remake } from '../live/remake.ts';
import type { Recorded } from '../live/results.ts';
import { isObject, isThenable } from '../kinds/value-checks.ts';

/** The session is parked: a real runner does not come back from the wait; elsewhere nothing of this session is recorded any more. */
function parkHere(engine: Engine, spec: CallSpec): never {
  engine.options.onParkedInSync?.();
  throw engine.fail(
    new ResproutError('SESSION_PARKED', `${spec.fn} was called while the session is parked`, {
      tried: spec.fn,
      kept: 'Everything recorded before it; the call was not made',
    }),
  );
}

/** A new call. @throws what it throws, as its recorded copy */
export function makeSync(engine: Engine, spec: CallSpec, issued: Issued): unknown {
  if (engine.parked) parkHere(engine, spec);
  if (spec.effect) {
    engine.writer.barrier();
    engine.options.onSyncEffect?.(spec.fn);
  }
  let recorded: Recorded;
  try {
    const made = perform(engine, spec, issued.id, issued.args, spec.mode === 'unknown');
    if (spec.mode === 'unknown' && (types.isPromise(made) || (spec.awaited && isThenable(made))))
      return followAsync(engine, spec, issued, made);
    recorded = result(engine, spec, made);
  } catch (error) {
    recorded = { outcome: engine.results.error(spec.fn, error) };
  } finally {
    if (spec.effect) engine.options.onSyncEffect?.(undefined);
  }
  const atMs = engine.options.clock.wallMs();
  const event: SyncEvent = {
    t: 'sync',
    id: issued.id,
    fn: spec.fn,
    site: spec.site,
    argsHash: issued.argsHash,
    atMs,
    outcome: recorded.outcome,
  };
  engine.writer.append(event);
  engine.now.observe(atMs);
  if (recorded.live !== undefined) adoptResult(engine, spec, issued.id, recorded.live, classNameOf(recorded.live));
  return take(engine, event, recorded.live);
}

function result(engine: Engine, spec: CallSpec, made: unknown): Recorded {
  if (spec.step !== false) return { outcome: { kind: 'value', bytes: engine.results.data(`the items of ${spec.fn}`, made) } };
  // A thenable that nobody awaits here is a builder: it is made again, and runs where it is awaited.
  if (isObject(made) && (spec.mode === 'construct' || isThenable(made)))
    return { outcome: { kind: 'live', className: classNameOf(made) }, live: made };
  return engine.results.sync(spec.fn, made);
}

function take(engine: Engine, event: SyncEvent, live: object | undefined): unknown {
  const { outcome } = event;
  if (outcome.kind === 'live') return live;
  if (outcome.kind === 'error') throw engine.results.read(outcome.bytes);
  return engine.results.read(outcome.bytes);
}

/** A recorded call: answered from the journal, or its live object made again. */
export function replaySync(engine: Engine, spec: CallSpec, issued: Issued, event: SyncEvent): unknown {
  const { id, args } = issued;
  engine.now.observe(event.atMs);
  const { outcome } = event;
  if (spec.channels && engine.channels.has(id) && outcome.kind !== 'live' && !engine.cursor.wasCalledBack(id))
    engine.pump.whenCaughtUp(() => callAgain(engine, spec, id, args));
  if (outcome.kind === 'live') {
    const made = remake(engine, spec, id, args, outcome.className);
    if (isListening(spec)) engine.listeners.registered(spec, id, args);
    else if (spec.receiver !== undefined) engine.live.answered(spec.receiver, id, false);
    return made;
  }
  const value = engine.results.read(outcome.bytes);
  if (spec.receiver !== undefined) engine.live.answered(spec.receiver, id, outcome.kind === 'value' && value === undefined);
  if (outcome.kind === 'error') throw value;
  return value;
}

/** Its callback never came: the outcome is unknown, so the call is made once more. Its result is known already. */
function callAgain(engine: Engine, spec: CallSpec, id: number, args: readonly unknown[]): void {
  try {
    const made = perform(engine, spec, id, args, false);
    if (types.isPromise(made))
      made.catch((error: unknown) => engine.warn(`${spec.fn}, called again for its callback, failed: ${String(error)}`));
  } catch (error) {
    engine.warn(`${spec.fn}, called again for its callback, failed: ${String(error)}`);
  }
}
