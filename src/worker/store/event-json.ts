// A recorded event for people and their tools. Recorded values are decoded; the seed, the key of the session's random numbers, is shown nowhere.
import type { JournalEvent } from '../../durable/journal/events/event.ts';
import { recordedValue } from './recorded-value.ts';

/** The fields of an event, its recorded values decoded: to be made JSON by `jsonOf`. */
export function eventFields(event: JournalEvent): Record<string, unknown> {
  const { seed: _seed, ...shown } = { seed: undefined, ...event };
  return decoded(shown);
}

function decoded(value: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).map(([name, field]: [string, unknown]) => {
      if (field instanceof Uint8Array) return [name === 'bytes' ? 'value' : name, recordedValue(field)];
      return [name, typeof field === 'object' && field !== null && !Array.isArray(field) ? decoded(field) : field];
    }),
  );
}
