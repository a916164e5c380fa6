// Where the call stands that a program failed with.
import { isError } from '../../../base/errors/is-error.ts';
import type { CallEvent, IssueEvent } from '../../../durable/journal/events/event.ts';
import { decodeRecorded } from '../../../durable/journal/values/recorded-value.ts';
import { nodeKinds } from '../../../platform/values/node-kinds.ts';
import { endedBy, type RecordedParts } from './recorded-parts.ts';

/** From where a session goes on, and why. */
export interface Failing {
  /** Number of the first event that is void. */
  readonly to: number;
  /** Issue numbers of timers that cut the call off: they begin anew with it. */
  readonly timers: readonly number[];
  readonly call: IssueEvent | undefined;
}

/** Of a failure that came from a call. @param id of the issue, as the end event names it */
export function ofCall(parts: RecordedParts, id: number): Failing | undefined {
  const { issues, seqOf, deliveries } = parts;
  const call = issues.get(id);
  const seq = seqOf.get(id);
  if (call === undefined || seq === undefined) return undefined;
  if (call.t === 'sync') return { to: seq, timers: [], call };
  if (call.t === 'open') {
    const told = deliveries.findLast(({ event }) => event.t === 'event' && event.object === call.object && holdsError(event.value));
    return told === undefined ? undefined : { to: told.seq, timers: [], call };
  }
  const place = deliveries.findIndex(({ event }) => event.t === 'done' && event.id === id);
  const ended = deliveries[place];
  if (ended?.event.t !== 'done') return undefined;
  const { outcome } = ended.event;
  const fired = outcome.kind === 'error' && isCutOff(read(outcome.bytes)) ? lastTimer(parts, call.delivered, place) : undefined;
  return fired === undefined ? { to: ended.seq, timers: [], call } : { to: fired.seq, timers: [fired.id], call };
}

/** The last timer that fired in a range of deliveries. */
function lastTimer(
  { issues, deliveries }: RecordedParts,
  from: number,
  below: number,
): { readonly seq: number; readonly id: number } | undefined {
  for (let place = below - 1; place >= from; place--) {
    const one = deliveries[place];
    if (one?.event.t === 'done' && issues.get(one.event.id)?.t === 'timer') return { seq: one.seq, id: one.event.id };
  }
  return undefined;
}

/** Of a program that gave up by itself: what it had been given last is a timer, set in the turn in which it made a call that was still under way. */
export function ofTimer({ issues, deliveries }: RecordedParts): Failing | undefined {
  const place = deliveries.length - 2;
  const last = deliveries[place];
  if (last?.event.t !== 'done') return undefined;
  const timer = issues.get(last.event.id);
  if (timer?.t !== 'timer') return undefined;
  const ended = endedBy(deliveries.slice(0, place));
  const isWaitedFor = (one: IssueEvent): one is CallEvent => one.t === 'call' && one.delivered === timer.delivered && !ended.has(one.id);
  const call = [...issues.values()].find(isWaitedFor);
  return call === undefined ? undefined : { to: last.seq, timers: [timer.id], call };
}

const read = (bytes: Uint8Array): unknown => decodeRecorded(bytes, { kinds: nodeKinds });

function holdsError(bytes: Uint8Array): boolean {
  const value = read(bytes);
  return isError(value) || (typeof value === 'object' && value !== null && Object.values(value).some(isError));
}

const CUT_OFF: ReadonlySet<string> = new Set(['AbortError', 'TimeoutError']);
const DEEPEST_CAUSE = 5;

/** Whether an error says that a signal ended the call. */
function isCutOff(error: unknown): boolean {
  for (let one = error, depth = 0; isError(one) && depth < DEEPEST_CAUSE; one = one.cause, depth++) if (CUT_OFF.has(one.name)) return true;
  return false;
}
