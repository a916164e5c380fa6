// The events of a session as calls: what was made, where, from which line, how long it took, what came of it.
import type { SourcePlace } from '../../base/errors/errors.ts';
import type { Site } from '../../base/site.ts';
import type {
  CallEvent,
  EndEvent,
  GivenEvent,
  JournalEvent,
  OpenEvent,
  Outcome,
  SyncEvent,
  TimerEvent,
} from '../../durable/journal/events/event.ts';
import { shownValue } from '../render/values/value-line.ts';
import type { NumberedEvent } from './recorded-session.ts';

/** How a call ended. */
export type CallOutcome = Outcome['kind'];

/** What a call is, before it has ended. */
export interface MadeCall {
  /** Number of its first event in the journal. */
  readonly seq: number;
  readonly kind: 'call' | 'sync' | 'timer' | 'open';
  readonly fn: string;
  /** Name of the far context that it goes to. */
  readonly context?: string | undefined;
  readonly site: Site;
  readonly atMs: number;
  readonly dueMs?: number | undefined;
}

/** A call and when it ended, without its result. */
export interface TimedCall extends MadeCall {
  /** Absent while it has no result. */
  readonly endedMs?: number | undefined;
}

/** A call as it is shown. @typeParam R what is shown of its result */
export interface ShownCall<R> extends TimedCall {
  readonly outcome?: CallOutcome | undefined;
  /** What is shown of its result; made when it is asked for. */
  readonly result?: (() => R) | undefined;
  /** A rewind made it void. */
  readonly isVoid?: true | undefined;
  /** Its result was given by hand. */
  readonly isGiven?: true | undefined;
}

/** What came of a call. */
interface CallEnd<R> {
  readonly endedMs: number;
  readonly outcome: CallOutcome;
  readonly result: () => R;
  readonly isGiven?: true | undefined;
}

/**
 * The calls of a session, from its events read twice: first all of them with `take`, for the results that come later than their calls, then `callOf`
 * gives the call that an event makes. So no history is held, and of a recorded result only what is shown of it.
 */
export class SessionCalls<R> {
  readonly #voided: ReadonlySet<number>;
  readonly #show: (call: MadeCall, outcome: Outcome) => R;
  readonly #onTime: ((call: TimedCall) => void) | undefined;
  /** Calls that have no result yet. */
  readonly #open = new Map<number, MadeCall>();
  readonly #ends = new Map<number, CallEnd<R>>();
  readonly #given = new Map<number, GivenEvent>();

  /**
   * @param voided numbers of the events that do not count @param show what is kept of a result
   * @param onTime told of each call when all but its result is known, while the events are read the first time
   */
  constructor(voided: ReadonlySet<number>, show: (call: MadeCall, outcome: Outcome) => R, onTime?: (call: TimedCall) => void) {
    this.#voided = voided;
    this.#show = show;
    this.#onTime = onTime;
  }

  /** The next event, the first time. */
  take({ seq, event }: NumberedEvent): void {
    if (event.t === 'call' || event.t === 'timer') this.#open.set(event.id, madeBy(seq, event));
    else if (event.t === 'done') this.#ended(event.id, event.atMs, event.outcome, seq);
    else if (event.t === 'given') {
      this.#given.set(event.id, event);
      this.#ended(event.id, event.atMs, { kind: 'value', bytes: event.bytes }, undefined);
    } else if (event.t === 'sync' || event.t === 'open') this.#onTime?.({ ...madeBy(seq, event), endedMs: event.atMs });
  }

  /** All events were taken once. */
  taken(): void {
    for (const made of this.#open.values()) this.#onTime?.(made);
  }

  /** Whether `onTime` was told of all calls as they are: a result that was given by hand comes at another time than the call's own. */
  get isTimed(): boolean {
    return this.#voided.size === 0 && this.#given.size === 0;
  }

  /** @param seq of the event that says so; a result that is void is not shown: its call is made again */
  #ended(id: number, endedMs: number, outcome: Outcome, seq: number | undefined): void {
    const made = this.#open.get(id);
    if (made === undefined) return;
    if (seq !== undefined && this.#voided.has(seq) && !this.#voided.has(made.seq)) return;
    const result = this.#show(made, outcome);
    const end = { endedMs, outcome: outcome.kind, result: () => result };
    this.#ends.set(id, seq === undefined ? { ...end, isGiven: true } : end);
    // Of a session that went back, another result of it may come.
    if (this.#voided.size > 0) return;
    this.#open.delete(id);
    this.#onTime?.({ ...made, endedMs });
  }

  /** The call that an event makes, the second time; undefined for an event that makes none. */
  callOf({ seq, event }: NumberedEvent): ShownCall<R> | undefined {
    const isVoid: true | undefined = this.#voided.has(seq) ? true : undefined;
    switch (event.t) {
      case 'call':
      case 'timer':
        return { ...madeBy(seq, event), isVoid, ...this.#ends.get(event.id) };
      case 'sync': {
        const made: ShownCall<R> = { ...madeBy(seq, event), isVoid };
        const given = this.#given.get(event.id);
        if (given === undefined)
          return { ...made, endedMs: event.atMs, outcome: event.outcome.kind, result: () => this.#show(made, event.outcome) };
        const outcome = { kind: 'value', bytes: given.bytes } as const;
        return { ...made, endedMs: given.atMs, outcome: 'value', result: () => this.#show(made, outcome), isGiven: true };
      }
      case 'open':
        return { ...madeBy(seq, event), isVoid, endedMs: event.atMs };
      case 'start':
      case 'done':
      case 'given':
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
        return undefined;
    }
  }
}

function madeBy(seq: number, event: CallEvent | TimerEvent | SyncEvent | OpenEvent): MadeCall {
  const { t: kind, site, atMs } = event;
  if (kind === 'timer') return { seq, kind, fn: 'sleep', site, atMs, dueMs: event.dueMs };
  return { seq, kind, fn: event.fn, context: kind === 'call' ? event.context : undefined, site, atMs };
}

/** What a call gave, as its program saw it: a call on a far context is recorded with facts of that process beside its value. */
export function callResult(context: string | undefined, outcome: Exclude<Outcome, { readonly kind: 'live' }>): unknown {
  const value = shownValue(outcome.bytes);
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
