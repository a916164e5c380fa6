// Reads records by their kind. Kinds of older versions have tables of their own.
import { END_KINDS, EVENT_KIND } from './event-record.ts';
import { JOURNAL_VERSION, type CallEvent, type EndEvent, type JournalEvent, type StartEvent } from './event.ts';
import { VERSION_1 } from './parse-version-1.ts';
import { corrupt, RecordFields } from './record-fields.ts';

/** Reads one kind. Fields are read in the order in which they are written. */
export type EventReader = (fields: RecordFields) => JournalEvent;

function readStart(fields: RecordFields): StartEvent {
  const version = fields.count();
  if (version > JOURNAL_VERSION) throw corrupt(`it is of version ${version}, this version of Resprout reads up to ${JOURNAL_VERSION}`);
  return {
    t: 'start',
    version,
    atMs: fields.ms(),
    session: fields.text(),
    seed: fields.bytes(),
    build: fields.text(),
    file: fields.text(),
    exportName: fields.text(),
    folder: fields.text(),
    argv: fields.texts(),
    data: fields.bytes(),
    envHashes: fields.textsByName(),
  };
}

/** What every issue begins with. Absent fields stay absent. */
function issue(fields: RecordFields): { readonly id: number; readonly delivered: number; readonly printed?: number } {
  const id = fields.count();
  const delivered = fields.count();
  const printed = fields.optional(() => fields.count());
  return printed === undefined ? { id, delivered } : { id, delivered, printed };
}

function readCall(fields: RecordFields): CallEvent {
  const id = fields.count();
  const delivered = fields.count();
  const printed = fields.optional(() => fields.count());
  const fn = fields.name();
  const context = fields.optional(() => fields.name());
  const site = fields.site();
  const argsHash = fields.text();
  const atMs = fields.ms();
  const isAtMostOnce = fields.flag();
  // Most calls have nothing more; put together from parts, one takes twice the memory.
  if (printed === undefined && context === undefined && !isAtMostOnce) return { t: 'call', id, delivered, fn, site, argsHash, atMs };
  return {
    t: 'call',
    id,
    delivered,
    ...(printed === undefined ? {} : { printed }),
    fn,
    ...(context === undefined ? {} : { context }),
    site,
    argsHash,
    atMs,
    ...(isAtMostOnce ? { atMostOnce: true as const } : {}),
  };
}

function readEnd(fields: RecordFields): EndEvent {
  const atMs = fields.ms();
  const how = END_KINDS[fields.count()] ?? fields.fail('a kind of end');
  const bytes = fields.bytes();
  const exitCode = fields.optional(() => fields.count());
  const dropped = fields.texts();
  const note = fields.optional(() => fields.text());
  const fromCall = fields.optional(() => fields.count());
  const printed = fields.optional(() => fields.count());
  return {
    t: 'end',
    atMs,
    how,
    bytes,
    dropped,
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(note === undefined ? {} : { note }),
    ...(fromCall === undefined ? {} : { fromCall }),
    ...(printed === undefined ? {} : { printed }),
  };
}

/** By EVENT_KIND. Fields are read in the order in which they are written here. */
const READERS: Readonly<Record<number, EventReader>> = {
  ...VERSION_1,
  [EVENT_KIND.start]: readStart,
  [EVENT_KIND.call]: readCall,
  [EVENT_KIND.sync]: (fields) => ({
    t: 'sync',
    ...issue(fields),
    fn: fields.name(),
    site: fields.site(),
    argsHash: fields.text(),
    atMs: fields.ms(),
    outcome: fields.outcome(),
  }),
  [EVENT_KIND.timer]: (fields) => ({ t: 'timer', ...issue(fields), site: fields.site(), dueMs: fields.ms(), atMs: fields.ms() }),
  [EVENT_KIND.open]: (fields) => {
    const open = {
      t: 'open',
      ...issue(fields),
      object: fields.count(),
      fn: fields.name(),
      site: fields.site(),
      argsHash: fields.text(),
      atMs: fields.ms(),
    } as const;
    const facts = fields.optional(() => fields.bytes());
    return facts === undefined ? open : { ...open, facts };
  },
  [EVENT_KIND.effect]: (fields) => ({
    t: 'effect',
    ...issue(fields),
    object: fields.count(),
    name: fields.text(),
    size: fields.count(),
    atMs: fields.ms(),
  }),
  [EVENT_KIND.done]: (fields) => ({ t: 'done', id: fields.count(), atMs: fields.ms(), outcome: fields.outcome() }),
  [EVENT_KIND.event]: (fields) => ({ t: 'event', object: fields.count(), name: fields.text(), atMs: fields.ms(), value: fields.bytes() }),
  [EVENT_KIND.hop]: (fields) => ({ t: 'hop', object: fields.count(), atMs: fields.ms() }),
  [EVENT_KIND.cb]: (fields) => ({ t: 'cb', id: fields.count(), index: fields.count(), atMs: fields.ms(), args: fields.bytes() }),
  [EVENT_KIND.signal]: (fields) => ({ t: 'signal', name: fields.text(), value: fields.bytes(), atMs: fields.ms() }),
  [EVENT_KIND.cancel]: (fields) => ({ t: 'cancel', atMs: fields.ms() }),
  [EVENT_KIND.build]: (fields) => ({ t: 'build', build: fields.text(), atMs: fields.ms() }),
  [EVENT_KIND.end]: readEnd,
  [EVENT_KIND.rewind]: (fields) => ({ t: 'rewind', atMs: fields.ms(), to: fields.count(), kept: fields.counts(), timers: fields.counts() }),
  [EVENT_KIND.fork]: (fields) => ({ t: 'fork', atMs: fields.ms(), from: fields.text(), at: fields.count(), given: fields.count() }),
  [EVENT_KIND.given]: (fields) => ({ t: 'given', id: fields.count(), atMs: fields.ms(), bytes: fields.bytes() }),
};

/** What messages call a record of a kind. */
const NAMES: Readonly<Record<number, string>> = Object.fromEntries(Object.keys(READERS).map((kind) => [kind, `record of kind ${kind}`]));

/** The event of a decoded record. @throws ResproutError JOURNAL_CORRUPT */
export function parseEvent(record: unknown): JournalEvent {
  if (!Array.isArray(record) || record.length === 0) throw corrupt('an event is not a record');
  const kind: unknown = record[0];
  const read = typeof kind === 'number' && Object.hasOwn(READERS, kind) ? READERS[kind] : undefined;
  if (read === undefined) {
    const isLater = typeof kind === 'number' && kind > EVENT_KIND.given;
    throw corrupt(`an event is of the unknown kind ${String(kind)}${isLater ? '; a later version of Resprout may know it' : ''}`);
  }
  const fields = new RecordFields(record, NAMES[Number(kind)] ?? '', 1);
  const event = read(fields);
  fields.end();
  return event;
}
