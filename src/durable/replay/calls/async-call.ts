// A call whose result comes later. Its intent is in the journal before it starts; its result is there before the program sees it.
import { types } from 'node:util';
import { deferred } from '../../../base/deferred.ts';
import { ResproutError } from '../../../base/errors.ts';
import type { DoneEvent } from '../../journal/event.ts';
import type { CallSpec } from './call-spec.ts';
import type { Engine } from '../session/engine.ts';
import type { Issued } from './issue.ts';
import { classNameOf } from '../live/live-objects.ts';
import { shownPlace, type Outstanding } from '../time/outstanding.ts';
import { perform } from './perform.ts';
import type { Recorded } from '../live/results.ts';
import { adoptResult, standInFor } from '../live/remake.ts';

/** Puts a call among the outstanding ones. The promise is the one the program gets. */
function wait(
  engine: Engine,
  spec: CallSpec,
  id: number,
  args: readonly unknown[],
): { readonly call: Outstanding; readonly promise: Promise<unknown> } {
  const { promise, resolve, reject } = deferred<unknown>();
  const call: Outstanding = {
    id,
    fn: spec.fn,
    site: spec.site,
    sinceMs: engine.options.clock.wallMs(),
    running: false,
    settle(event, live) {
      const { outcome } = event;
      if (outcome.kind === 'live') resolve(live ?? standInFor(engine, spec, id, args, outcome.className));
      else if (outcome.kind === 'value') resolve(engine.results.read(outcome.bytes));
      else reject(engine.results.read(outcome.bytes));
    },
    cancel: reject,
  };
  engine.outstanding.add(call);
  return { call, promise };
}

/** The call has ended: its `done` is appended in its turn, unless nobody waits for it any more. */
function arrive(engine: Engine, call: Outstanding, recorded: Recorded): void {
  call.running = false;
  engine.pump.arrive({
    make: (atMs): DoneEvent | undefined =>
      engine.outstanding.has(call.id) ? { t: 'done', id: call.id, atMs, outcome: recorded.outcome } : undefined,
    live: recorded.live,
  });
}

/** Makes the call, or follows the promise of a call that was made already, and takes its result. */
function start(engine: Engine, spec: CallSpec, call: Outstanding, make: () => unknown): void {
  if (engine.gone || engine.parked || !engine.outstanding.has(call.id)) return;
  call.running = true;
  void (async () => {
    let recorded: Recorded;
    try {
      const value = await make();
      recorded = await engine.results.settled(spec.fn, value, spec.liveAllowed);
    } catch (error) {
      recorded = { outcome: engine.results.error(spec.fn, error) };
    }
    if (recorded.live !== undefined) adoptResult(engine, spec, call.id, recorded.live, classNameOf(recorded.live));
    arrive(engine, call, recorded);
  })();
}

function outcomeUnknown(spec: CallSpec, id: number): ResproutError {
  return new ResproutError(
    'OUTCOME_UNKNOWN',
    `${spec.fn} at ${shownPlace(spec.site) ?? spec.site.id} was under way when the process ended, and it may run at most once`,
    {
      tried: spec.fn,
      saw: `call #${String(id)} has begun, and its result is not in the journal`,
      kept: 'Everything recorded before it',
      do: 'Look at the service whether it happened, then decide in your program',
    },
  );
}

/** A new call that is known to be asynchronous: it starts in a turn of its own after the commit that holds its intent. */
export function beginAsync(engine: Engine, spec: CallSpec, issued: Issued): Promise<unknown> {
  const { id, argsHash, args } = issued;
  const { call, promise } = wait(engine, spec, id, args);
  const { clock, turn } = engine.options;
  engine.writer.append({
    t: 'call',
    id,
    fn: spec.fn,
    site: spec.site,
    argsHash,
    atMs: clock.wallMs(),
    ...(spec.atMostOnce ? { atMostOnce: true } : {}),
  });
  engine.writer.whenDurable(() => turn.next(() => start(engine, spec, call, () => perform(engine, spec, id, args, true))));
  return promise;
}

/** A call that was made at once and turned out to be asynchronous. */
export function followAsync(engine: Engine, spec: CallSpec, issued: Issued, made: unknown): Promise<unknown> {
  const { id, argsHash, args } = issued;
  const { call, promise } = wait(engine, spec, id, args);
  engine.writer.append({ t: 'call', id, fn: spec.fn, site: spec.site, argsHash, atMs: engine.options.clock.wallMs() });
  // A session that ended meanwhile does not follow it; its failure is nobody's then.
  if (types.isPromise(made)) made.catch(() => undefined);
  start(engine, spec, call, () => made);
  return promise;
}

/** A recorded asynchronous call. Its end is delivered by the pump; without one its outcome is unknown, and it runs again when replay has caught up. */
export function replayAsync(engine: Engine, spec: CallSpec, issued: Issued, atMostOnce: boolean): Promise<unknown> {
  const { id, args } = issued;
  const { call, promise } = wait(engine, spec, id, args);
  const done = engine.cursor.doneOf(id);
  if (done !== undefined) {
    const isVoid = done.outcome.kind === 'value' && spec.receiver !== undefined && engine.results.read(done.outcome.bytes) === undefined;
    if (spec.receiver !== undefined) engine.live.answered(spec.receiver, id, isVoid);
    return promise;
  }
  engine.pump.whenCaughtUp(() => {
    if (atMostOnce) arrive(engine, call, { outcome: engine.results.error(spec.fn, outcomeUnknown(spec, id)) });
    else engine.options.turn.next(() => start(engine, spec, call, () => perform(engine, spec, id, args, true)));
  });
  return promise;
}
