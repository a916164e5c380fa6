// From where a session goes on that failed. The failing call is the point: what came before it stands, and it is made again. The rules:
// 1. The end names the call that the error came from. An asynchronous one stands and its end is void: the same call, the same key. A synchronous
//    one is made anew.
// 2. A call that a timer of the program cut off is the same, and the timer begins anew, or it would cut it off again at once.
// 3. An error that came from no call: the end alone is void.
// 4. Behind the point, results of calls that were under way there are kept. Their errors are not: what failed with the failing call would fail
//    the program again. Timers that were set together with a call that is made again begin anew with it.
// 5. What other strands did in answer to kept results is kept too, when a replay does all of it again without what is void.
import { ResproutError } from '../../../base/errors/errors.ts';
import type { EndEvent, IssueEvent, JournalEvent, RewindEvent } from '../../../durable/journal/events/event.ts';
import { isIssue, pointAt } from '../../../durable/journal/events/history.ts';
import { keptResults, keptStrands, timersAnew, type From } from './behind-point.ts';
import { ofCall, ofTimer } from './failing-call.ts';
import { endedBy, partsOf, type RecordedParts } from './recorded-parts.ts';

/** A rewind that is about to be appended. */
export interface RewindPlan {
  readonly event: RewindEvent;
  /** What is done again at the point, when it is a call. */
  readonly call: Exclude<IssueEvent, { readonly t: 'effect' }> | undefined;
  /** Other calls before the point that have no result, or an error behind it: they are made again too. */
  readonly otherCalls: number;
  /** Results behind the point that count. */
  readonly keptResults: number;
  /** Results that are void: their calls are made again where the program comes by them. */
  readonly voidResults: number;
  /** The same point with more that is kept (rule 5): to be taken when a replay agrees with it. */
  readonly wider?: RewindPlan | undefined;
}

/** The rewind of a session that failed. @param events of its journal, the last one its end */
export function planRetry(events: readonly JournalEvent[], end: EndEvent, atMs: number): RewindPlan {
  const parts = partsOf(events);
  const failing = (end.fromCall === undefined ? undefined : ofCall(parts, end.fromCall)) ?? ofTimer(parts);
  const to = failing?.to ?? events.length - 1;
  const from = fromOf(parts, to, failing?.timers ?? [], failing?.call);
  const kept = keptStrands(parts, from);
  const plan = planOf(events, parts, from, keptResults(parts, from), atMs);
  return kept === undefined ? plan : { ...plan, wider: planOf(events, parts, from, kept, atMs) };
}

/** The call that a retry of a failed session would make again; undefined when its failure came from no call. @param events of its journal */
export function failedCall(events: readonly JournalEvent[]): RewindPlan['call'] {
  const end = events.at(-1);
  return end?.t === 'end' ? planRetry(events, end, end.atMs).call : undefined;
}

/** The rewind to an event that a person names. @throws ResproutError USAGE when it is no call and no result that counts */
export function planFrom(events: readonly JournalEvent[], to: number, atMs: number): RewindPlan {
  const parts = partsOf(events);
  const event = parts.history.standing.find(({ seq }) => seq === to)?.event;
  if (event === undefined || pointAt(parts.history.standing, to) === undefined) throw noPoint(events, parts, to);
  const id = isIssue(event) ? event.id : event.t === 'done' ? event.id : undefined;
  const from = fromOf(parts, to, [], id === undefined ? undefined : parts.issues.get(id));
  return planOf(events, parts, from, keptResults(parts, from), atMs);
}

function noPoint(events: readonly JournalEvent[], { history }: RecordedParts, to: number): ResproutError {
  const event = events[to];
  const is = history.voided.has(to) ? 'is void already' : `is ${event === undefined ? 'not there' : `the ${event.t} event`}`;
  return new ResproutError('USAGE', `event ${to} ${is}, a session goes on from a call or from a result`, {
    tried: `go on from event ${to}`,
    saw: `${events.length} events, numbered from 0`,
    kept: 'Nothing was changed',
    do: 'resprout show SESSION --events lists the numbers',
  });
}

function fromOf(parts: RecordedParts, to: number, anew: readonly number[], call: IssueEvent | undefined): From {
  const point = pointAt(parts.history.standing, to);
  if (point === undefined) throw new ResproutError('INTERNAL', `a session cannot go on from its event ${to}`);
  return { point, to, timers: timersAnew(parts, point, to, anew), call };
}

/** What a rewind does, counted by the rule that applies it. */
function planOf(
  events: readonly JournalEvent[],
  parts: RecordedParts,
  { to, timers, call }: From,
  kept: readonly number[],
  atMs: number,
): RewindPlan {
  const event: RewindEvent = { t: 'rewind', atMs, to, kept, timers: [...timers].sort((a, b) => a - b) };
  const after = partsOf([...events, event]);
  const isKept = new Set(kept);
  const ended = endedBy(after.deliveries);
  const isResult = (one: JournalEvent): boolean =>
    one.t === 'done'
      ? one.outcome.kind !== 'error' && parts.issues.get(one.id)?.t === 'call'
      : one.t === 'sync' && one.outcome.kind !== 'error';
  const results = parts.history.standing.filter((one) => isResult(one.event));
  return {
    event,
    call: call === undefined || call.t === 'effect' ? undefined : call,
    otherCalls: [...after.issues.values()].filter(({ t, id }) => t === 'call' && !ended.has(id) && id !== call?.id).length,
    keptResults: results.filter(({ seq }) => isKept.has(seq)).length,
    voidResults: results.filter(({ seq }) => after.history.voided.has(seq)).length,
  };
}
