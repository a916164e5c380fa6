// The events of a session as calls: what was made, where, from which line, how long it took, what came of it.
import type { SourcePlace } from '../base/errors.ts';
import { isError } from '../base/is-error.ts';
import type { EventSite, JournalEvent, Outcome } from '../durable/journal/event.ts';
import { callLabel } from './render/call-label.ts';
import { recordedValue } from './render/value-line.ts';

export interface ShownCall {
  /** Number of its first event in the journal. */
  readonly seq: number;
  readonly kind: 'call' | 'sync' | 'timer';
  readonly fn: string;
  readonly site: EventSite;
  readonly atMs: number;
  /** Absent while it has no result. */
  readonly endedMs?: number | undefined;
  readonly outcome?: Outcome | undefined;
  readonly dueMs?: number | undefined;
}

/** All calls in issue order. */
export function callsOf(events: readonly JournalEvent[]): ShownCall[] {
  const calls = new Map<number, ShownCall>();
  events.forEach((event, seq) => {
    switch (event.t) {
      case 'call':
        calls.set(event.id, { seq, kind: 'call', fn: event.fn, site: event.site, atMs: event.atMs });
        return;
      case 'timer':
        calls.set(event.id, { seq, kind: 'timer', fn: 'sleep', site: event.site, atMs: event.atMs, dueMs: event.dueMs });
        return;
      case 'sync':
        calls.set(event.id, {
          seq,
          kind: 'sync',
          fn: event.fn,
          site: event.site,
          atMs: event.atMs,
          endedMs: event.atMs,
          outcome: event.outcome,
        });
        return;
      case 'done': {
        const call = calls.get(event.id);
        if (call !== undefined) calls.set(event.id, { ...call, endedMs: event.atMs, outcome: event.outcome });
        return;
      }
      case 'start':
      case 'cb':
      case 'signal':
      case 'cancel':
      case 'build':
      case 'end':
        return;
    }
  });
  return [...calls.values()];
}

/** What a call gave, as its program saw it: a call on a far context is recorded with facts of that process beside its value. */
export function callResult(fn: string, outcome: Exclude<Outcome, { readonly kind: 'live' }>): unknown {
  const value = recordedValue(outcome.bytes);
  const isFar = callLabel(fn).where !== 'program';
  return isFar && outcome.kind === 'value' && typeof value === 'object' && value !== null && 'value' in value ? value.value : value;
}

/** Where the program made the last call that gave this error; undefined when the error is its own. */
export function siteOfFailure(events: readonly JournalEvent[], message: string): SourcePlace | undefined {
  const failed = callsOf(events).findLast(({ fn, outcome }) => {
    if (outcome?.kind !== 'error') return false;
    const error = callResult(fn, outcome);
    return isError(error) && error.message === message;
  });
  if (failed === undefined || failed.site.line < 1) return undefined;
  const { file, line, column } = failed.site;
  return { file, line, column };
}
