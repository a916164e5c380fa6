// How events are written: an array, its kind first. Fields are added at the end only, behind a new JOURNAL_VERSION (docs/journal.md).
import { assertNever } from '../../base/assert-never.ts';
import type { EventSite, JournalEvent, Outcome } from './event.ts';

/** First element of a record. Never renumber, never reuse. */
export const EVENT_KIND: Readonly<Record<JournalEvent['t'], number>> = {
  start: 0,
  call: 1,
  sync: 2,
  timer: 3,
  done: 4,
  cb: 5,
  signal: 6,
  cancel: 7,
  build: 8,
  end: 9,
};

/** First element of an outcome. */
export const OUTCOME_KIND: Readonly<Record<Outcome['kind'], number>> = { value: 0, error: 1, live: 2 };

/** How a session ended, by number. */
export const END_KINDS = ['done', 'failed', 'cancelled'] as const;

/** The record of an event, to be written by the value codec. */
export function eventRecord(event: JournalEvent): readonly unknown[] {
  const kind = EVENT_KIND[event.t];
  switch (event.t) {
    case 'start':
      return [
        kind,
        event.version,
        event.atMs,
        event.session,
        event.seed,
        event.build,
        event.file,
        event.exportName,
        event.folder,
        event.argv,
        event.data,
        event.envHashes,
        event.behaviours,
      ];
    case 'call':
      return [kind, event.id, event.fn, site(event.site), event.argsHash, event.atMs, event.atMostOnce === true];
    case 'sync':
      return [kind, event.id, event.fn, site(event.site), event.argsHash, event.atMs, outcome(event.outcome)];
    case 'timer':
      return [kind, event.id, site(event.site), event.dueMs, event.atMs];
    case 'done':
      return [kind, event.id, event.atMs, outcome(event.outcome)];
    case 'cb':
      return [kind, event.id, event.index, event.atMs, event.args];
    case 'signal':
      return [kind, event.name, event.value, event.atMs];
    case 'cancel':
      return [kind, event.atMs];
    case 'build':
      return [kind, event.build, event.atMs];
    case 'end':
      return [kind, event.atMs, END_KINDS.indexOf(event.how), event.bytes, event.exitCode, event.dropped, event.note];
    default:
      return assertNever(event, 'an event');
  }
}

function site(place: EventSite): readonly unknown[] {
  return [place.id, place.file, place.line, place.column];
}

function outcome(how: Outcome): readonly unknown[] {
  return [OUTCOME_KIND[how.kind], how.kind === 'live' ? how.className : how.bytes];
}
