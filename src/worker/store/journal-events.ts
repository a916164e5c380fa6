import { ResproutError } from '../../base/errors/errors.ts';
import type { CallEvent, JournalEvent, StartEvent, TimerEvent } from '../../durable/journal/events/event.ts';
import type { JournalRow } from '../../durable/journal/journal-store.ts';
import { standingEvents } from '../../durable/journal/events/history.ts';
import { decodeRowBytes } from '../../durable/journal/events/row-codec.ts';
import type { UnfinishedCall } from '../run-observer.ts';

/** Rows of a session, from a store or at hand. */
export type JournalRows = AsyncIterable<JournalRow> | Iterable<JournalRow>;

/** All events of rows, in order. @throws ResproutError JOURNAL_CORRUPT, and what reading throws */
export async function eventsOf(rows: JournalRows): Promise<JournalEvent[]> {
  const events: JournalEvent[] = [];
  for await (const row of rows) events.push(...decodeRowBytes(row.bytes, row.count));
  return events;
}

/** How many events rows hold, and the last one. The rest is not kept: a long journal does not become a heap. @throws ResproutError JOURNAL_CORRUPT */
export async function tailOf(rows: JournalRows): Promise<{ readonly count: number; readonly last: JournalEvent | undefined }> {
  let count = 0;
  let newest: JournalRow | undefined;
  for await (const row of rows) {
    count += row.count;
    newest = row;
  }
  return { count, last: newest === undefined ? undefined : decodeRowBytes(newest.bytes, newest.count).at(-1) };
}

/** The start event that a journal begins with. @throws ResproutError JOURNAL_CORRUPT, SESSION_MISSING for a run that was cut off before it */
export function startOf(events: readonly JournalEvent[], sessionId: string): StartEvent {
  const [first] = events;
  if (first?.t === 'start') return first;
  if (first === undefined) {
    throw new ResproutError('SESSION_MISSING', `session ${sessionId} was cut off before it began`, {
      tried: `read the journal of ${sessionId}`,
      saw: 'no event',
      kept: 'Nothing of the program ran',
      do: 'Start it again with resprout run',
    });
  }
  throw new ResproutError('JOURNAL_CORRUPT', `the journal of ${sessionId} does not begin with a start event`, {
    tried: `read the journal of ${sessionId}`,
    saw: `a ${first.t} event`,
  });
}

/** What a session waits for: calls and timers that were issued and have no `done`. */
export function pendingOf(events: readonly JournalEvent[]): {
  readonly calls: readonly CallEvent[];
  readonly timers: readonly TimerEvent[];
} {
  const calls = new Map<number, CallEvent>();
  const timers = new Map<number, TimerEvent>();
  for (const event of standingEvents(events)) {
    if (event.t === 'call') calls.set(event.id, event);
    else if (event.t === 'timer') timers.set(event.id, event);
    else if (event.t === 'done') {
      calls.delete(event.id);
      timers.delete(event.id);
    }
  }
  return { calls: [...calls.values()], timers: [...timers.values()] };
}

/** Pending calls as the list of a parked session shows them. */
export function unfinishedOf(events: readonly JournalEvent[]): readonly UnfinishedCall[] {
  return pendingOf(events).calls.map(({ id, fn, context, site }) => ({ id, label: fn, context, site }));
}
