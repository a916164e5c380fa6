import type { DeliveryEvent, IssueEvent, JournalEvent } from '../../../durable/journal/events/event.ts';
import { isDelivery, isIssue, readHistory, type History } from '../../../durable/journal/events/history.ts';

/** A delivery with its number in the journal. */
export interface Delivered {
  readonly seq: number;
  readonly event: DeliveryEvent;
}

/** What counts of a journal, as whoever looks for a point in it needs it. */
export interface RecordedParts {
  readonly history: History;
  /** By their own numbers, in the order in which the program made them. */
  readonly issues: ReadonlyMap<number, IssueEvent>;
  /** Numbers of issues to their numbers in the journal. */
  readonly seqOf: ReadonlyMap<number, number>;
  /** In the order in which the program was given them. */
  readonly deliveries: readonly Delivered[];
}

/** @throws ResproutError JOURNAL_CORRUPT */
export function partsOf(events: readonly JournalEvent[]): RecordedParts {
  const history = readHistory(events);
  const made: { readonly seq: number; readonly event: IssueEvent }[] = [];
  const deliveries: Delivered[] = [];
  for (const { seq, event } of history.standing) {
    if (isDelivery(event)) deliveries.push({ seq, event });
    if (isIssue(event)) made.push({ seq, event });
  }
  return {
    history,
    issues: new Map(made.map(({ event }) => [event.id, event])),
    seqOf: new Map(made.map(({ seq, event }) => [event.id, seq])),
    deliveries,
  };
}

/** Numbers of the calls and timers that these ended. */
export function endedBy(deliveries: readonly Delivered[]): ReadonlySet<number> {
  return new Set(deliveries.flatMap(({ event }) => (event.t === 'done' ? [event.id] : [])));
}
