// What an owner has to know of the events before its run. They are looked at once, on their way to the runner, and most of them are counted by
// their kind alone: the runner decodes each of them, and refuses what it cannot read.
import { EVENT_KIND } from '../../durable/journal/events/event-record.ts';
import type { BuildEvent, CallEvent, JournalEvent, StartEvent, TimerEvent } from '../../durable/journal/events/event.ts';
import { decodeEvent, kindAndNumber, splitRowBytes } from '../../durable/journal/events/row-codec.ts';
import type { JournalRow } from '../../durable/journal/journal-store.ts';
import { startOf } from './journal-events.ts';

/** Of these the kind and the number are enough, until somebody asks for the event. */
const UNREAD: ReadonlySet<number> = new Set(
  (['call', 'timer', 'done', 'sync', 'open', 'effect', 'event', 'hop', 'cb'] as const).map((kind) => EVENT_KIND[kind]),
);

/** Follows the rows of a session from its first one. Keeps parts of their bytes. */
export class RecordedPast {
  readonly #pending = new Map<number, Uint8Array>();
  readonly #builds: BuildEvent[] = [];
  #first: JournalEvent | undefined;
  #last: Uint8Array | undefined;
  #count = 0;
  #hasRewind = false;

  /** The events of rows at hand. */
  static async of(rows: Iterable<JournalRow> | AsyncIterable<JournalRow>): Promise<RecordedPast> {
    const past = new RecordedPast();
    for await (const row of rows) past.take(row);
    return past;
  }

  /** The next row. @throws ResproutError JOURNAL_CORRUPT for what it has to read and cannot */
  take({ bytes, count }: Pick<JournalRow, 'bytes' | 'count'>): void {
    for (const encoded of splitRowBytes(bytes, count)) {
      const [kind, id] = kindAndNumber(encoded);
      if (this.#first === undefined || !UNREAD.has(kind) || id < 0) this.#read(decodeEvent(encoded));
      else if (kind === EVENT_KIND.done) this.#pending.delete(id);
      else if (kind === EVENT_KIND.call || kind === EVENT_KIND.timer) this.#pending.set(id, encoded);
      this.#last = encoded;
      this.#count++;
    }
  }

  #read(event: JournalEvent): void {
    this.#first ??= event;
    if (event.t === 'build') this.#builds.push(event);
    else if (event.t === 'given') this.#pending.delete(event.id);
    else if (event.t === 'rewind') this.#hasRewind = true;
  }

  /** How many events there are. */
  get count(): number {
    return this.#count;
  }

  /** The last event; undefined when there is none. @throws ResproutError JOURNAL_CORRUPT */
  get last(): JournalEvent | undefined {
    return this.#last === undefined ? undefined : decodeEvent(this.#last);
  }

  /** The build that the session runs now: the recorded one, or that of its last `build` event. @throws as `startOf` */
  buildOf(start: StartEvent): string {
    return this.#builds.at(-1)?.build ?? start.build;
  }

  /** All builds that the session ran. */
  buildsOf(start: StartEvent): ReadonlySet<string> {
    return new Set([start.build, ...this.#builds.map(({ build }) => build)]);
  }

  /** The event that the journal begins with. @throws ResproutError JOURNAL_CORRUPT, SESSION_MISSING for a run that was cut off before it */
  start(sessionId: string): StartEvent {
    return startOf(this.#first === undefined ? [] : [this.#first], sessionId);
  }

  /**
   * Calls and timers without a result; undefined when a rewind says which of them count, so that it takes all events to know.
   * @throws ResproutError JOURNAL_CORRUPT
   */
  get pending(): readonly (CallEvent | TimerEvent)[] | undefined {
    if (this.#hasRewind) return undefined;
    return [...this.#pending.values()].map(decodeEvent).filter((event) => event.t === 'call' || event.t === 'timer');
  }
}
