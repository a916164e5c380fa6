// Reads records. They are hostile: every field is checked, nothing else is kept.
import { ResproutError } from '../../base/errors.ts';
import { END_KINDS, EVENT_KIND, OUTCOME_KIND } from './event-record.ts';
import { JOURNAL_VERSION, type EventSite, type JournalEvent, type Outcome, type StartEvent } from './event.ts';

/** The error of everything that a journal holds and should not. */
export function corrupt(saw: string, cause?: unknown): ResproutError {
  return new ResproutError(
    'JOURNAL_CORRUPT',
    `the journal cannot be read: ${saw}`,
    { tried: 'read the journal', saw },
    cause === undefined ? undefined : { cause },
  );
}

/** The fields of one record, each taken once and in order. */
class Fields {
  readonly #record: readonly unknown[];
  readonly #what: string;
  #at: number;

  constructor(record: readonly unknown[], what: string, from: number) {
    this.#record = record;
    this.#what = what;
    this.#at = from;
  }

  fail(expected: string): never {
    throw corrupt(`field ${this.#at - 1} of a ${this.#what} is not ${expected}`);
  }

  next(): unknown {
    if (this.#at >= this.#record.length) throw corrupt(`a ${this.#what} has ${this.#record.length} fields`);
    return this.#record[this.#at++];
  }

  end(): void {
    if (this.#at !== this.#record.length) throw corrupt(`a ${this.#what} has ${this.#record.length} fields instead of ${this.#at}`);
  }

  /** A whole number from 0 on. */
  count(): number {
    const value = this.next();
    return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : this.fail('a count');
  }

  /** A point in time or a duration; may have a fraction. */
  ms(): number {
    const value = this.next();
    return typeof value === 'number' && Number.isFinite(value) ? value : this.fail('a time');
  }

  text(): string {
    const value = this.next();
    return typeof value === 'string' ? value : this.fail('a text');
  }

  bytes(): Uint8Array {
    const value = this.next();
    return value instanceof Uint8Array ? value : this.fail('bytes');
  }

  flag(): boolean {
    const value = this.next();
    return typeof value === 'boolean' ? value : this.fail('true or false');
  }

  list<T>(is: (element: unknown) => element is T, expected: string): readonly T[] {
    const value = this.next();
    return Array.isArray(value) && value.every(is) ? value : this.fail(expected);
  }

  texts(): readonly string[] {
    return this.list(isText, 'a list of texts');
  }

  counts(): readonly number[] {
    return this.list(isCount, 'a list of counts');
  }

  textsByName(): Readonly<Record<string, string>> {
    const value = this.next();
    if (typeof value !== 'object' || value === null || Array.isArray(value)) this.fail('texts by name');
    const entries = Object.entries(value).filter((entry): entry is [string, string] => isText(entry[1]));
    if (entries.length !== Object.keys(value).length) this.fail('texts by name');
    return Object.fromEntries(entries);
  }

  optional<T>(read: () => T): T | undefined {
    if (this.#record[this.#at] !== undefined) return read();
    this.next();
    return undefined;
  }

  site(): EventSite {
    const fields = new Fields(this.#array('a place'), 'place', 0);
    const site = { id: fields.text(), file: fields.text(), line: fields.count(), column: fields.count() };
    fields.end();
    return site;
  }

  outcome(): Outcome {
    const fields = new Fields(this.#array('an outcome'), 'outcome', 0);
    const kind = fields.count();
    const outcome = readOutcome(kind, fields);
    fields.end();
    return outcome;
  }

  #array(expected: string): readonly unknown[] {
    const value = this.next();
    return Array.isArray(value) ? value : this.fail(expected);
  }
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

function readOutcome(kind: number, fields: Fields): Outcome {
  switch (kind) {
    case OUTCOME_KIND.value:
      return { kind: 'value', bytes: fields.bytes() };
    case OUTCOME_KIND.error:
      return { kind: 'error', bytes: fields.bytes() };
    case OUTCOME_KIND.live:
      return { kind: 'live', className: fields.text() };
    default:
      return fields.fail('an outcome');
  }
}

function readStart(fields: Fields): StartEvent {
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
    behaviours: fields.counts(),
  };
}

function readCall(fields: Fields): JournalEvent {
  const call = {
    t: 'call',
    id: fields.count(),
    fn: fields.text(),
    site: fields.site(),
    argsHash: fields.text(),
    atMs: fields.ms(),
  } as const;
  return fields.flag() ? { ...call, atMostOnce: true } : call;
}

function readEnd(fields: Fields): JournalEvent {
  const atMs = fields.ms();
  const how = END_KINDS[fields.count()] ?? fields.fail('a kind of end');
  const bytes = fields.bytes();
  const exitCode = fields.optional(() => fields.count());
  const dropped = fields.texts();
  const note = fields.optional(() => fields.text());
  return { t: 'end', atMs, how, bytes, dropped, ...(exitCode === undefined ? {} : { exitCode }), ...(note === undefined ? {} : { note }) };
}

/** By EVENT_KIND. Fields are read in the order in which they are written here. */
const READERS: Readonly<Record<number, (fields: Fields) => JournalEvent>> = {
  [EVENT_KIND.start]: readStart,
  [EVENT_KIND.call]: readCall,
  [EVENT_KIND.sync]: (fields) => ({
    t: 'sync',
    id: fields.count(),
    fn: fields.text(),
    site: fields.site(),
    argsHash: fields.text(),
    atMs: fields.ms(),
    outcome: fields.outcome(),
  }),
  [EVENT_KIND.timer]: (fields) => ({ t: 'timer', id: fields.count(), site: fields.site(), dueMs: fields.ms(), atMs: fields.ms() }),
  [EVENT_KIND.done]: (fields) => ({ t: 'done', id: fields.count(), atMs: fields.ms(), outcome: fields.outcome() }),
  [EVENT_KIND.cb]: (fields) => ({ t: 'cb', id: fields.count(), index: fields.count(), atMs: fields.ms(), args: fields.bytes() }),
  [EVENT_KIND.signal]: (fields) => ({ t: 'signal', name: fields.text(), value: fields.bytes(), atMs: fields.ms() }),
  [EVENT_KIND.cancel]: (fields) => ({ t: 'cancel', atMs: fields.ms() }),
  [EVENT_KIND.build]: (fields) => ({ t: 'build', build: fields.text(), atMs: fields.ms() }),
  [EVENT_KIND.end]: readEnd,
};

/** The event of a decoded record. @throws ResproutError JOURNAL_CORRUPT */
export function parseEvent(record: unknown): JournalEvent {
  if (!Array.isArray(record) || record.length === 0) throw corrupt('an event is not a record');
  const kind: unknown = record[0];
  const read = typeof kind === 'number' && Object.hasOwn(READERS, kind) ? READERS[kind] : undefined;
  if (read === undefined) throw corrupt(`an event is of the unknown kind ${String(kind)}`);
  const fields = new Fields(record, `record of kind ${String(kind)}`, 1);
  const event = read(fields);
  fields.end();
  return event;
}
