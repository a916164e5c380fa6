// How events are written: an array, its kind first. A kind whose fields change gets a new number behind a new JOURNAL_VERSION
// (docs/journal.md); the old numbers are read for ever (parse-version-1.ts) and never written again.
import { assertNever } from '../../../base/assert-never.ts';
import type { Site } from '../../../base/site.ts';
import type { JournalEvent, Outcome } from './event.ts';

/** First element of a record. Never renumber, never reuse: 0 to 3 and 9 are those of version 1. */
export const EVENT_KIND: Readonly<Record<JournalEvent['t'], number>> = {
  done: 4,
  cb: 5,
  signal: 6,
  cancel: 7,
  build: 8,
  start: 10,
  call: 11,
  sync: 12,
  timer: 13,
  open: 14,
  effect: 15,
  event: 16,
  hop: 17,
  end: 18,
  rewind: 19,
  fork: 20,
  given: 21,
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
      ];
    case 'call':
      return [
        kind,
        event.id,
        event.delivered,
        event.printed,
        event.fn,
        event.context,
        site(event.site),
        event.argsHash,
        event.atMs,
        event.atMostOnce === true,
      ];
    case 'sync':
      return [
        kind,
        event.id,
        event.delivered,
        event.printed,
        event.fn,
        site(event.site),
        event.argsHash,
        event.atMs,
        outcome(event.outcome),
      ];
    case 'timer':
      return [kind, event.id, event.delivered, event.printed, site(event.site), event.dueMs, event.atMs];
    case 'open':
      return [
        kind,
        event.id,
        event.delivered,
        event.printed,
        event.object,
        event.fn,
        site(event.site),
        event.argsHash,
        event.atMs,
        event.facts,
      ];
    case 'effect':
      return [kind, event.id, event.delivered, event.printed, event.object, event.name, event.size, event.atMs];
    case 'done':
      return [kind, event.id, event.atMs, outcome(event.outcome)];
    case 'event':
      return [kind, event.object, event.name, event.atMs, event.value];
    case 'hop':
      return [kind, event.object, event.atMs];
    case 'cb':
      return [kind, event.id, event.index, event.atMs, event.args];
    case 'signal':
      return [kind, event.name, event.value, event.atMs];
    case 'cancel':
      return [kind, event.atMs];
    case 'build':
      return [kind, event.build, event.atMs];
    case 'rewind':
      return [kind, event.atMs, event.to, event.kept, event.timers];
    case 'fork':
      return [kind, event.atMs, event.from, event.at, event.given];
    case 'given':
      return [kind, event.id, event.atMs, event.bytes];
    case 'end':
      return [
        kind,
        event.atMs,
        END_KINDS.indexOf(event.how),
        event.bytes,
        event.exitCode,
        event.dropped,
        event.note,
        event.fromCall,
        event.printed,
      ];
    default:
      return assertNever(event, 'an event');
  }
}

function site(place: Site): readonly unknown[] {
  return [place.id, place.file, place.line, place.column];
}

function outcome(how: Outcome): readonly unknown[] {
  if (how.kind !== 'live') return [OUTCOME_KIND[how.kind], how.bytes];
  return how.isReceiver === true ? [OUTCOME_KIND.live, how.className, true] : [OUTCOME_KIND.live, how.className];
}
