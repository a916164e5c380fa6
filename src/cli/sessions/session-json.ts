// A recorded session as JSON. Recorded values are decoded; the seed, the key of the session's random numbers, is shown nowhere.
import type { JournalEvent, Outcome } from '../../durable/journal/events/event.ts';
import { readHistory } from '../../durable/journal/events/history.ts';
import type { SessionRecord } from '../../worker/index.ts';
import { callLabel } from '../render/values/call-label.ts';
import { recordedValue } from '../render/values/value-line.ts';
import { callResult, callsOf, type ShownCall } from './session-calls.ts';

/** The value of `show --json`: the session and its calls, or all its events. */
export function sessionJson({ info, events }: SessionRecord, isAll: boolean): unknown {
  if (!isAll) return { info, calls: callsOf(events).map(callJson) };
  const { voided } = readHistory(events);
  return { info, events: events.map((event, seq) => ({ ...eventJson(seq, event), ...(voided.has(seq) ? { void: true } : {}) })) };
}

/** One event; also a line of `show --follow --json`. */
export function eventJson(seq: number, event: JournalEvent): Record<string, unknown> {
  const { seed: _seed, ...shown } = { seed: undefined, ...event };
  return { seq, ...decoded(shown) };
}

function decoded(value: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).map(([name, field]: [string, unknown]) => {
      if (field instanceof Uint8Array) return [name === 'bytes' ? 'value' : name, recordedValue(field)];
      return [name, typeof field === 'object' && field !== null && !Array.isArray(field) ? decoded(field) : field];
    }),
  );
}

/** `ok` is null while there is no result. */
function callJson({ seq, kind, fn, context, site, atMs, endedMs, dueMs, outcome, isVoid, isGiven }: ShownCall): Record<string, unknown> {
  const { where, what } = callLabel(fn, context);
  const place = { file: site.file, line: site.line, column: site.column };
  return {
    seq,
    kind,
    where,
    what,
    fn,
    ...place,
    atMs,
    endedMs,
    dueMs,
    ok: outcome === undefined ? (kind === 'open' ? true : null) : outcome.kind !== 'error',
    ...resultOf(context, outcome),
    ...(isVoid ? { void: true } : {}),
    ...(isGiven ? { givenByHand: true } : {}),
  };
}

function resultOf(context: string | undefined, outcome: Outcome | undefined): Record<string, unknown> {
  if (outcome === undefined) return {};
  if (outcome.kind === 'live') return { live: outcome.className };
  return { [outcome.kind]: callResult(context, outcome) };
}
