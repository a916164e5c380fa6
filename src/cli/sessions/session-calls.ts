// The events of a session as calls: what was made, where, from which line, how long it took, what came of it.
import type { SourcePlace } from '../../base/errors/errors.ts';
import type { Site } from '../../base/site.ts';
import type { EndEvent, JournalEvent, Outcome } from '../../durable/journal/events/event.ts';
import { readHistory } from '../../durable/journal/events/history.ts';
import { recordedValue } from '../render/values/value-line.ts';

export interface ShownCall {
  /** Number of its first event in the journal. */
  readonly seq: number;
  readonly kind: 'call' | 'sync' | 'timer' | 'open';
  readonly fn: string;
  /** Name of the far context that it goes to. */
  readonly context?: string | undefined;
  readonly site: Site;
  readonly atMs: number;
  /** Absent while it has no result. */
  readonly endedMs?: number | undefined;
  readonly outcome?: Outcome | undefined;
  readonly dueMs?: number | undefined;
  /** A rewind made it void. */
  readonly isVoid?: true | undefined;
  /** Its result was given by hand. */
  readonly isGiven?: true | undefined;
}

/** All calls in issue order, void ones too. A result that is void is not shown: its call is made again. */
export function callsOf(events: readonly JournalEvent[]): ShownCall[] {
  const { voided } = readHistory(events);
  const calls = new Map<number, ShownCall>();
  const isVoid = (call: ShownCall): boolean => voided.has(call.seq);
  events.forEach((event, seq) => {
    switch (event.t) {
      case 'call':
        calls.set(event.id, { seq, kind: 'call', fn: event.fn, context: event.context, site: event.site, atMs: event.atMs });
        return;
      case 'open':
        calls.set(event.id, { seq, kind: 'open', fn: event.fn, site: event.site, atMs: event.atMs, endedMs: event.atMs });
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
        if (call === undefined || (voided.has(seq) && !isVoid(call))) return;
        calls.set(event.id, { ...call, endedMs: event.atMs, outcome: event.outcome });
        return;
      }
      case 'given': {
        const call = calls.get(event.id);
        const outcome = { kind: 'value', bytes: event.bytes } as const;
        if (call !== undefined) calls.set(event.id, { ...call, endedMs: event.atMs, outcome, isGiven: true });
        return;
      }
      case 'start':
      case 'effect':
      case 'event':
      case 'hop':
      case 'cb':
      case 'signal':
      case 'cancel':
      case 'build':
      case 'rewind':
      case 'fork':
      case 'end':
        return;
    }
  });
  return [...calls.values()].map((call) => (isVoid(call) ? { ...call, isVoid: true } : call));
}

/** What a call gave, as its program saw it: a call on a far context is recorded with facts of that process beside its value. */
export function callResult(context: string | undefined, outcome: Exclude<Outcome, { readonly kind: 'live' }>): unknown {
  const value = recordedValue(outcome.bytes);
  return context !== undefined && outcome.kind === 'value' && typeof value === 'object' && value !== null && 'value' in value
    ? value.value
    : value;
}

/** Where the program made the call whose error ended it; undefined when the error is its own. */
export function siteOfFailure(events: readonly JournalEvent[]): SourcePlace | undefined {
  const end = events.findLast((event): event is EndEvent => event.t === 'end');
  if (end?.fromCall === undefined) return undefined;
  const failed = events.find((event) => 'site' in event && event.id === end.fromCall);
  if (failed === undefined || !('site' in failed) || failed.site.line < 1) return undefined;
  const { file, line, column } = failed.site;
  return { file, line, column };
}
