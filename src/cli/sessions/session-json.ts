// A recorded session as JSON.
import type { Outcome } from '../../durable/journal/events/event.ts';
import { scrubValue } from '../../platform/secrets/scrub-value.ts';
import { shownSecrets } from '../shown-secrets.ts';
import { callLabel } from '../render/values/call-label.ts';
import { eventFields } from '../../worker/index.ts';
import type { NumberedEvent } from './recorded-session.ts';
import { callResult, type MadeCall, type ShownCall } from './session-calls.ts';

/** One event; also a line of `show --follow --json`. @param voided numbers of the events that do not count */
export function eventJson({ seq, event }: NumberedEvent, voided?: ReadonlySet<number>): Record<string, unknown> {
  const fields = scrubValue(eventFields(event), shownSecrets) as Record<string, unknown>;
  return { seq, ...fields, ...(voided?.has(seq) === true ? { void: true } : {}) };
}

/** A call. `ok` is null while there is no result. */
export function callJson(call: ShownCall<Record<string, unknown>>): Record<string, unknown> {
  const { seq, kind, fn, context, site, atMs, endedMs, dueMs, outcome, result, isVoid, isGiven } = call;
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
    ok: outcome === undefined ? (kind === 'open' ? true : null) : outcome !== 'error',
    ...result?.(),
    ...(isVoid ? { void: true } : {}),
    ...(isGiven ? { givenByHand: true } : {}),
  };
}

/** What is kept of the result of a call. */
export function resultJson({ context }: MadeCall, outcome: Outcome): Record<string, unknown> {
  if (outcome.kind === 'live') return { live: outcome.className };
  return { [outcome.kind]: callResult(context, outcome) };
}
