// A call whose result comes later. Its intent is in the journal before it starts; its result is there before the program sees it.
import { types } from 'node:util';
import { deferred } from '../../../base/deferred.ts';
import { ResproutError } from '../../../base/errors/errors.ts';
import { shownName, type DoneEvent } from '../../journal/events/event.ts';
import type { CallSpec } from './call-spec.ts';
import type { SessionParts } from '../session/session-parts.ts';
import type { Issued } from './issue.ts';
import { classNameOf } from '../live/live-objects.ts';
import { exitCodeOf } from './exit-outcome.ts';
import { shownPlace, type Outstanding } from '../time/outstanding.ts';
import { perform } from './perform.ts';
import type { Recorded } from '../live/results.ts';
import { adoptResult, standInFor } from '../live/remake.ts';

interface Settler {
  readonly promise: Promise<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Who hears of the outcome: a promise, or the function that the program gave, in the async context in which it gave it. */
function settler(parts: SessionParts, { callback }: CallSpec): Settler {
  if (callback === undefined) return deferred<unknown>();
  const snapshot = parts.options.realm.context.snapshot();
  const call = (error: unknown, value: unknown): void => snapshot(() => parts.enter(() => callback(error, value)));
  return { promise: NEVER, resolve: (value) => call(null, value), reject: (error) => call(error, undefined) };
}

const NEVER: Promise<unknown> = new Promise(() => undefined);

/** Puts a call among the outstanding ones. The promise is the one the program gets. */
function wait(
  parts: SessionParts,
  spec: CallSpec,
  id: number,
  args: readonly unknown[],
): { readonly call: Outstanding; readonly promise: Promise<unknown> } {
  const { promise, resolve, reject } = settler(parts, spec);
  const call: Outstanding = {
    id,
    fn: spec.fn,
    context: spec.context,
    site: spec.site,
    sinceMs: parts.options.clock.wallMs(),
    running: false,
    settle(event, live) {
      const { outcome } = event;
      if (outcome.kind === 'live') return resolve(live ?? standInFor(parts, spec, id, args, outcome));
      const value = parts.results.read(outcome.bytes);
      if (outcome.kind === 'value') return resolve(value);
      const exitCode = exitCodeOf(value);
      if (exitCode !== undefined) return parts.enter(() => parts.session.exit(exitCode));
      parts.blame.note(value, id);
      return reject(value);
    },
    cancel: reject,
  };
  parts.outstanding.add(call);
  return { call, promise };
}

/** The call has ended: its `done` is appended in its turn, unless nobody waits for it any more. */
function arrive(parts: SessionParts, call: Outstanding, recorded: Recorded): void {
  call.running = false;
  parts.pump.arrive({
    make: (atMs): DoneEvent | undefined =>
      parts.outstanding.has(call.id) ? { t: 'done', id: call.id, atMs, outcome: recorded.outcome } : undefined,
    live: recorded.live,
  });
}

/** Makes the call, or follows the promise of a call that was made already, and takes its result. */
function start(parts: SessionParts, spec: CallSpec, call: Outstanding, make: () => unknown): void {
  if (parts.gone || parts.parked || !parts.outstanding.has(call.id)) return;
  call.running = true;
  void (async () => {
    let recorded: Recorded;
    try {
      const value = await make();
      recorded = await parts.results.settled(shownName(spec), value, spec.liveAllowed);
    } catch (error) {
      recorded = { outcome: parts.results.error(shownName(spec), error) };
    }
    if (recorded.live !== undefined) adoptResult(parts, spec, call.id, recorded.live, classNameOf(recorded.live));
    arrive(parts, call, recorded);
  })();
}

/** @param isVoid whether it had ended, and a rewind has made its end void */
function outcomeUnknown(spec: CallSpec, id: number, isVoid: boolean): ResproutError {
  const when = isVoid ? 'was made before this retry' : 'was under way when the process ended';
  return new ResproutError(
    'OUTCOME_UNKNOWN',
    `${shownName(spec)} at ${shownPlace(spec.site) ?? spec.site.id} ${when}, and it may run at most once`,
    {
      tried: shownName(spec),
      saw: isVoid ? `call #${String(id)} had failed` : `call #${String(id)} has begun, and its result is not in the journal`,
      kept: 'Everything recorded before it',
      do: 'Look at the service whether it happened; where it did not, resprout resume SESSION --retry --repeat-unknown makes it once more',
    },
  );
}

/**
 * A new call that is known to be asynchronous: it starts in a turn of its own after the commit that holds its intent. One that only looks needs
 * no intent; it starts at once when nothing earlier is on its way.
 */
export function beginAsync(parts: SessionParts, spec: CallSpec, issued: Issued): Promise<unknown> {
  const { id, argsHash, args } = issued;
  const { call, promise } = wait(parts, spec, id, args);
  const { clock, turn } = parts.options;
  const begin = (): void => parts.whenAwake(() => turn.next(() => start(parts, spec, call, () => perform(parts, spec, id, args, true))));
  const isFirst = parts.writer.settled;
  parts.writer.append({
    t: 'call',
    id,
    ...issued.stamp,
    fn: spec.fn,
    ...(spec.context === undefined ? {} : { context: spec.context }),
    site: spec.site,
    argsHash,
    atMs: clock.wallMs(),
    ...(spec.atMostOnce ? { atMostOnce: true } : {}),
  });
  if (isFirst && !spec.effect) begin();
  else parts.writer.whenDurable(begin);
  return promise;
}

/** A call that was made at once and turned out to be asynchronous. */
export function followAsync(parts: SessionParts, spec: CallSpec, issued: Issued, made: unknown): Promise<unknown> {
  const { id, argsHash, args } = issued;
  const { call, promise } = wait(parts, spec, id, args);
  parts.writer.append({ t: 'call', id, ...issued.stamp, fn: spec.fn, site: spec.site, argsHash, atMs: parts.options.clock.wallMs() });
  // A session that ended meanwhile does not follow it; its failure is nobody's then.
  if (types.isPromise(made)) made.catch(() => undefined);
  start(parts, spec, call, () => made);
  return promise;
}

/** A recorded asynchronous call. Its end is delivered by the pump; without one its outcome is unknown, and it runs again when replay has caught up. */
export function replayAsync(parts: SessionParts, spec: CallSpec, issued: Issued, atMostOnce: boolean): Promise<unknown> {
  const { id, args } = issued;
  const { call, promise } = wait(parts, spec, id, args);
  const done = parts.cursor.doneOf(id);
  if (done !== undefined) {
    const isVoid = done.outcome.kind === 'value' && spec.receiver !== undefined && parts.results.read(done.outcome.bytes) === undefined;
    if (spec.receiver !== undefined) parts.live.answered(spec.receiver, id, isVoid);
    return promise;
  }
  const again = (): unknown => {
    spec.again?.();
    return perform(parts, spec, id, args, true);
  };
  parts.pump.whenCaughtUp(() => {
    const mayNot = atMostOnce && parts.options.repeatUnknown !== true;
    const unknown = mayNot ? outcomeUnknown(spec, id, parts.cursor.isMadeAgain(id)) : undefined;
    if (unknown !== undefined) arrive(parts, call, { outcome: parts.results.error(shownName(spec), unknown) });
    else parts.whenAwake(() => parts.options.turn.next(() => start(parts, spec, call, again)));
  });
  return promise;
}
