// The fields of a record, each taken once and in order. They are hostile: every one is checked, nothing else is kept.
import { ResproutError } from '../../../base/errors/errors.ts';
import type { Site } from '../../../base/site.ts';
import { OUTCOME_KIND } from './event-record.ts';
import type { Outcome } from './event.ts';

/** The error of everything that a journal holds and should not. */
export function corrupt(saw: string, cause?: unknown): ResproutError {
  return new ResproutError(
    'JOURNAL_CORRUPT',
    `the journal cannot be read: ${saw}`,
    { tried: 'read the journal', saw },
    cause === undefined ? undefined : { cause },
  );
}

/** The fields of one record. @throws ResproutError JOURNAL_CORRUPT in every method */
export class RecordFields {
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

  get hasMore(): boolean {
    return this.#at < this.#record.length;
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

  /** A text of which a history has many and few different ones, such as the name of a function. */
  name(): string {
    return seen(names, this.text(), (text) => text);
  }

  site(): Site {
    const fields = new RecordFields(this.#array('a place'), 'place', 0);
    const site = { id: fields.text(), file: fields.text(), line: fields.count(), column: fields.count() };
    fields.end();
    const known = seen(sites, site.id, () => site);
    return known.file === site.file && known.line === site.line && known.column === site.column ? known : site;
  }

  outcome(): Outcome {
    const fields = new RecordFields(this.#array('an outcome'), 'outcome', 0);
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

/** A long history is made of a few places and names: each of them is kept once, which is half of its memory. */
const names = new Map<string, string>();
const sites = new Map<string, Site>();
const MOST_SEEN = 4096;

function seen<T>(known: Map<string, T>, key: string, first: (key: string) => T): T {
  const found = known.get(key);
  if (found !== undefined) return found;
  if (known.size >= MOST_SEEN) known.clear();
  const value = first(key);
  known.set(key, value);
  return value;
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

function liveOutcome(fields: RecordFields): Outcome {
  const className = fields.text();
  return fields.hasMore && fields.flag() ? { kind: 'live', className, isReceiver: true } : { kind: 'live', className };
}

function readOutcome(kind: number, fields: RecordFields): Outcome {
  switch (kind) {
    case OUTCOME_KIND.value:
      return { kind: 'value', bytes: fields.bytes() };
    case OUTCOME_KIND.error:
      return { kind: 'error', bytes: fields.bytes() };
    case OUTCOME_KIND.live:
      return liveOutcome(fields);
    default:
      return fields.fail('an outcome');
  }
}
