// Which events of a journal count. The one place that knows what a rewind, a fork and a result given by hand do to the events before them;
// whoever reads the events of a session to go on with it, or to say how it stands, reads them here.
// 1. A rewind names a point: an issue or a delivery. What the program did before it stands, and what it had been given before it.
// 2. What stands behind the point is void, whatever its place in the journal: issues are appended when they are made and deliveries when they
//    arrive, so the two orders differ. Only what the rewind keeps counts: results of calls that were under way at the point.
// 3. Kept results come next, in their order; the program may do new things between them, since it never saw them in this history.
// 4. Numbers of issues are never used again. So the key of a call is that of one call for ever.
import type { DeliveryEvent, DoneEvent, IssueEvent, JournalEvent, RewindEvent } from './event.ts';
import { corrupt } from './record-fields.ts';

/** An event that counts, with its number in the journal. */
export interface Standing {
  readonly seq: number;
  /** As recorded; with the number of deliveries that count, the new time of a timer that began anew, or the result that was given by hand. */
  readonly event: JournalEvent;
}

/** Where a history was cut by the last rewind or fork. */
export interface Cut {
  readonly atMs: number;
  /** Deliveries that the program had been given at the point. */
  readonly given: number;
  /** Deliveries that stand before the cut, the kept ones too. */
  readonly deliveries: number;
  /** Issues that stand before the cut. */
  readonly issues: number;
}

/** What counts of a journal. */
export interface History {
  readonly standing: readonly Standing[];
  /** Numbers of the events that are void. */
  readonly voided: ReadonlySet<number>;
  /** The last one; undefined when there is none. */
  readonly cut: Cut | undefined;
  /** Calls and timers that stand and whose recorded end is void: they are made again. */
  readonly again: ReadonlySet<number>;
  /** Number for the next new issue: one that no event of the journal has. */
  readonly nextId: number;
}

/** A place in the order in which the program did and was given things. */
export interface Point {
  /** Deliveries that it had been given. */
  readonly given: number;
  /** Issues with a number below this had been made. */
  readonly madeBelow: number;
}

/** Whether an event is something that the program did. */
export function isIssue(event: JournalEvent): event is IssueEvent {
  return event.t === 'call' || event.t === 'sync' || event.t === 'timer' || event.t === 'open' || event.t === 'effect';
}

/** Whether an event is something that the program is given. */
export function isDelivery(event: JournalEvent): event is DeliveryEvent {
  return !isIssue(event) && !isOwners(event);
}

const OWNERS: ReadonlySet<JournalEvent['t']> = new Set(['start', 'build', 'rewind', 'fork', 'given']);
/** Events that say what those before them mean. */
const CUTS: ReadonlySet<JournalEvent['t']> = new Set(['rewind', 'fork', 'given']);
const isOwners = ({ t }: JournalEvent): boolean => OWNERS.has(t);

/**
 * What counts of the events of a journal, in order. @param events all of them; a leading start event may be missing
 * @throws ResproutError JOURNAL_CORRUPT when a rewind or a given result names what is not there
 */
export function readHistory(events: readonly JournalEvent[]): History {
  const firstSeq = events[0]?.t === 'start' ? 0 : 1;
  let standing: Standing[] = [];
  let cut: Cut | undefined;
  let nextId = 0;
  const again = new Set<number>();
  for (const [index, event] of events.entries()) {
    const seq = firstSeq + index;
    if (isIssue(event)) nextId = Math.max(nextId, event.id + 1);
    if (event.t === 'rewind') {
      const point = pointAt(standing, event.to);
      if (point === undefined) throw corrupt(`event ${seq} rewinds to event ${event.to}, which is no call and no result that counts`);
      const before = standing;
      standing = rewound(before, event, point, seq);
      for (const id of endsVoided(before, standing)) again.add(id);
      cut = cutAt(standing, event.atMs, point.given);
    } else if (event.t === 'fork') cut = cutAt(standing, event.atMs, event.given);
    else if (event.t === 'given') standing = withGiven(standing, event.id, { seq, event });
    else standing.push({ seq, event });
    if (event.t === 'done' || event.t === 'given') again.delete(event.id);
  }
  return { standing, voided: voidedOf(events, standing, firstSeq), cut, again, nextId };
}

/** The same for who needs no numbers of events: a history that was never cut is what it is. */
export interface StandingHistory extends Pick<History, 'cut' | 'again' | 'nextId'> {
  readonly events: readonly JournalEvent[];
}

/** What counts of the events of a journal. @throws as readHistory */
export function standingHistory(events: readonly JournalEvent[]): StandingHistory {
  if (events.some(({ t }) => CUTS.has(t))) {
    const { standing, ...rest } = readHistory(events);
    return { ...rest, events: standing.map((one) => one.event) };
  }
  let last = -1;
  for (const event of events) if (isIssue(event) && event.id > last) last = event.id;
  return { events, cut: undefined, again: new Set(), nextId: last + 1 };
}

/** Only the events. @throws as readHistory */
export function standingEvents(events: readonly JournalEvent[]): readonly JournalEvent[] {
  return standingHistory(events).events;
}

function voidedOf(events: readonly JournalEvent[], standing: readonly Standing[], firstSeq: number): ReadonlySet<number> {
  if (!events.some(({ t }) => t === 'rewind' || t === 'given')) return new Set();
  const counting = new Set(standing.map(({ seq }) => seq));
  return new Set(events.flatMap((event, index) => (counting.has(firstSeq + index) || isOwners(event) ? [] : [firstSeq + index])));
}

/** The place just before an event; undefined when it does not count, or is of neither family. */
export function pointAt(standing: readonly Standing[], seq: number): Point | undefined {
  let given = 0;
  for (const { seq: at, event } of standing) {
    if (at === seq && isIssue(event)) return { given: event.delivered, madeBelow: event.id };
    if (!isDelivery(event)) continue;
    if (at === seq) return { given, madeBelow: madeBelow(standing, given) };
    given++;
  }
  return undefined;
}

/** One more than the number of the last issue that was made before so many deliveries were given, and the next one. */
function madeBelow(standing: readonly Standing[], given: number): number {
  let below = 0;
  for (const { event } of standing) if (isIssue(event) && event.delivered <= given) below = Math.max(below, event.id + 1);
  return below;
}

function rewound(before: readonly Standing[], { kept, timers, atMs }: RewindEvent, point: Point, seq: number): Standing[] {
  const isKept = new Set(kept);
  const isAnew = new Set(timers);
  const standing: Standing[] = [];
  /** For each delivery before: how many of those that count came before it. */
  const counts: number[] = [];
  let counting = 0;
  let found = 0;
  for (const one of before) {
    const { event } = one;
    if (isDelivery(event)) {
      const isGiven = counts.length < point.given;
      counts.push(counting);
      if (!isGiven && isKept.has(one.seq)) found++;
      if (!isGiven && !isKept.has(one.seq)) continue;
      counting++;
    } else if (isIssue(event) && event.id >= point.madeBelow) {
      if (!isKept.has(one.seq)) continue;
      found++;
    }
    standing.push(one);
  }
  if (found !== isKept.size) throw corrupt(`event ${seq} keeps an event that does not count or stands before its point`);
  counts.push(counting);
  return standing.map((one) => {
    const { event } = one;
    if (!isIssue(event)) return one;
    const delivered = counts[event.delivered] ?? event.delivered;
    if (event.t === 'timer' && isAnew.has(event.id))
      return { ...one, event: { ...event, delivered, dueMs: atMs + event.dueMs - event.atMs } };
    return delivered === event.delivered ? one : { ...one, event: { ...event, delivered } };
  });
}

/** Issues that stand after a rewind and whose end does not. */
function endsVoided(before: readonly Standing[], after: readonly Standing[]): readonly number[] {
  const ended = new Set(after.flatMap(({ event }) => (event.t === 'done' ? [event.id] : [])));
  const made = new Set(after.flatMap(({ event }) => (isIssue(event) ? [event.id] : [])));
  return before.flatMap(({ event }) => (event.t === 'done' && !ended.has(event.id) && made.has(event.id) ? [event.id] : []));
}

/** A result that was given by hand, in the place of the call's own. */
function withGiven(
  before: readonly Standing[],
  id: number,
  { seq, event }: { readonly seq: number; readonly event: { readonly atMs: number; readonly bytes: Uint8Array } },
): Standing[] {
  const issue = before.find((one) => isIssue(one.event) && one.event.id === id)?.event;
  const outcome = { kind: 'value', bytes: event.bytes } as const;
  if (issue?.t === 'sync') return before.map((one) => (one.event === issue ? { ...one, event: { ...issue, outcome } } : one));
  const isOpen = !before.some((one) => one.event.t === 'done' && one.event.id === id);
  if (issue?.t !== 'call' || !isOpen) throw corrupt(`event ${seq} gives a result to issue ${id}, which is no call without one`);
  const done: DoneEvent = { t: 'done', id, atMs: event.atMs, outcome };
  return [...before, { seq, event: done }];
}

function cutAt(standing: readonly Standing[], atMs: number, given: number): Cut {
  let deliveries = 0;
  let issues = 0;
  for (const { event } of standing) {
    if (isIssue(event)) issues++;
    else if (isDelivery(event)) deliveries++;
  }
  return { atMs, given: Math.min(given, deliveries), deliveries, issues };
}
