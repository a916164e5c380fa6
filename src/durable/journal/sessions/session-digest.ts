// What a list says of a session, taken from its events one after the other: no list has to keep a history. The digest itself can be kept and
// gone on from, so that a list of a session that is running does not read what it did before. Only a rewind asks for all of it once.
import { isError } from '../../../base/errors/is-error.ts';
import type { CallEvent, EndEvent, JournalEvent, TimerEvent } from '../events/event.ts';
import { EVENT_KIND } from '../events/event-record.ts';
import { standingEvents } from '../events/history.ts';
import { corrupt } from '../events/record-fields.ts';
import { decodeEvent, kindAndNumber, splitRowBytes } from '../events/row-codec.ts';
import type { JournalRow } from '../journal-store.ts';
import type { NodeKinds } from '../values/node-kinds.ts';
import { decodeRecorded } from '../values/recorded-value.ts';
import type { DigestState, DigestedEnd, DigestedStart, PendingWork } from './digest-state.ts';
import type { OwnerInfo, SessionInfo, SessionState, WaitedFor } from './session-info.ts';
import type { ParkedState } from './session-store.ts';

/** Kinds of events of which their kind and number say enough for now. */
const UNREAD: ReadonlySet<number> = new Set(
  (['call', 'timer', 'done', 'sync', 'open', 'effect', 'event', 'hop', 'cb'] as const).map((kind) => EVENT_KIND[kind]),
);
/** Kinds of calls. */
const COUNTED: ReadonlySet<number> = new Set((['call', 'sync', 'open'] as const).map((kind) => EVENT_KIND[kind]));
/** More pending work than this is not kept: whoever needs it reads the journal. */
const KEPT_PENDING = 1000;
const LONGEST_SUMMARY_CHARS = 1000;

/** What is known of a session beside its journal. */
export interface Surroundings {
  readonly owner: OwnerInfo | undefined;
  readonly parked: ParkedState | undefined;
}

/** Follows the events of one session from its first one, or from where a kept digest ends. */
export class SessionDigest {
  readonly #kinds: NodeKinds;
  readonly #scrub: (text: string) => string;
  /** What has no result yet; as its event was written until somebody wants to know: most of it has one soon. */
  readonly #pending: Map<number, PendingWork | Uint8Array>;
  readonly #builds: string[];
  #events: number;
  #calls: number;
  #start: DigestedStart | undefined;
  #lastMs: number;
  /** The last event, when nobody has read it yet. */
  #last: Uint8Array | undefined;
  #end: DigestedEnd | undefined;
  #needsHistory = false;

  /** @param scrub takes what must not be shown out of the one text that is kept of a value: the first line of an error */
  constructor(kinds: NodeKinds, from?: DigestState, scrub: (text: string) => string = (text) => text) {
    this.#kinds = kinds;
    this.#scrub = scrub;
    this.#pending = new Map<number, PendingWork | Uint8Array>(from?.pending.map((work) => [work.id, work]));
    this.#builds = [...(from?.builds ?? [])];
    this.#events = from?.events ?? 0;
    this.#calls = from?.calls ?? 0;
    this.#start = from?.start;
    this.#lastMs = from?.lastMs ?? 0;
    this.#end = from?.end;
  }

  /** How many events it has been given. */
  get events(): number {
    return this.#events;
  }

  /** All builds that the session has run, the first one first. */
  get builds(): readonly string[] {
    return this.#builds;
  }

  /**
   * The events of the next row. Most of them are counted by their kind and not read. The digest keeps parts of the row's bytes.
   * @throws ResproutError JOURNAL_CORRUPT for what it has to read and cannot
   */
  takeRow({ bytes, count }: Pick<JournalRow, 'bytes' | 'count'>): void {
    for (const encoded of splitRowBytes(bytes, count)) {
      const [kind, id] = kindAndNumber(encoded);
      if (this.#start === undefined || !UNREAD.has(kind) || id < 0) {
        this.take(decodeEvent(encoded));
        continue;
      }
      this.#events++;
      this.#end = undefined;
      this.#last = encoded;
      if (COUNTED.has(kind)) this.#calls++;
      if (kind === EVENT_KIND.done) this.#pending.delete(id);
      else if (kind === EVENT_KIND.call || kind === EVENT_KIND.timer) this.#pending.set(id, encoded);
    }
  }

  /** Whether what is pending depends on events that were not kept: a rewind has come. `recast` tells it. */
  get needsHistory(): boolean {
    return this.#needsHistory;
  }

  /** Says what is pending anew. @param events all that it was given, and more if there are @throws ResproutError JOURNAL_CORRUPT */
  recast(events: readonly JournalEvent[]): void {
    this.#needsHistory = false;
    this.#pending.clear();
    for (const event of standingEvents(events.slice(0, this.#events))) this.#notePending(event);
  }

  /** The next event. @throws ResproutError JOURNAL_CORRUPT when the first one is not the start event */
  take(event: JournalEvent): void {
    if (this.#start === undefined && event.t !== 'start') throw corrupt(`the first event is a ${event.t} event, not the start`);
    this.#events++;
    this.#lastMs = event.atMs;
    this.#last = undefined;
    this.#end = undefined;
    switch (event.t) {
      case 'start': {
        const { file, exportName, folder, atMs } = event;
        this.#start ??= { file, exportName, folder, atMs };
        this.#builds.push(event.build);
        return;
      }
      case 'build':
        this.#builds.push(event.build);
        return;
      case 'call':
        this.#calls++;
        this.#notePending(event);
        return;
      case 'timer':
      case 'done':
      case 'given':
        this.#notePending(event);
        return;
      case 'sync':
      case 'open':
        this.#calls++;
        return;
      case 'rewind':
        this.#needsHistory = true;
        return;
      case 'end':
        this.#end = this.#digested(event);
        return;
      case 'effect':
      case 'event':
      case 'hop':
      case 'cb':
      case 'signal':
      case 'cancel':
      case 'fork':
        return;
    }
  }

  #notePending(event: JournalEvent): void {
    if (event.t === 'call' || event.t === 'timer') this.#pending.set(event.id, workOf(event));
    else if (event.t === 'done' || event.t === 'given') this.#pending.delete(event.id);
  }

  /** Data to go on from; undefined when there is too much of it, or nothing yet. @throws ResproutError JOURNAL_CORRUPT */
  state(): DigestState | undefined {
    if (this.#start === undefined || this.#needsHistory || this.#pending.size > KEPT_PENDING) return undefined;
    return {
      events: this.#events,
      calls: this.#calls,
      start: this.#start,
      builds: [...this.#builds],
      lastMs: this.#readLast(),
      pending: this.#readPending(),
      end: this.#end,
    };
  }

  /** The line of a list; undefined before the start event: a run that was cut off before it never was a session. */
  info(sessionId: string, { owner, parked }: Surroundings): SessionInfo | undefined {
    const start = this.#start;
    if (start === undefined) return undefined;
    const end = this.#end;
    const state: SessionState = end !== undefined ? end.how : owner !== undefined ? 'running' : stateOf(parked);
    return {
      sessionId,
      state,
      file: start.file,
      exportName: start.exportName,
      folder: start.folder,
      build: this.#builds.at(-1) ?? '',
      startedMs: start.atMs,
      lastMs: this.#readLast(),
      events: this.#events,
      calls: this.#calls,
      owner: state === 'running' ? owner : undefined,
      dueMs: state === 'waiting' || state === 'running' ? this.#onlyTimers() : undefined,
      waitsFor: end === undefined ? this.#waitedFor() : undefined,
      exitCode: end?.exitCode,
      summary: end?.summary,
    };
  }

  #readLast(): number {
    if (this.#last !== undefined) this.#lastMs = decodeEvent(this.#last).atMs;
    this.#last = undefined;
    return this.#lastMs;
  }

  #readPending(): readonly PendingWork[] {
    return [...this.#pending].map(([id, work]) => {
      if (!(work instanceof Uint8Array)) return work;
      const event = decodeEvent(work);
      if (event.t !== 'call' && event.t !== 'timer') throw corrupt(`event ${id} is a ${event.t} event where a call was expected`);
      const read = workOf(event);
      this.#pending.set(id, read);
      return read;
    });
  }

  /** When the first of the timers is due, when nothing else is waited for. */
  #onlyTimers(): number | undefined {
    let next = Number.POSITIVE_INFINITY;
    for (const { dueMs } of this.#readPending()) {
      if (dueMs === undefined) return undefined;
      next = Math.min(next, dueMs);
    }
    return Number.isFinite(next) ? next : undefined;
  }

  /** The call that has been under way for longest, and how many others are. */
  #waitedFor(): WaitedFor | undefined {
    const calls = this.#readPending().filter(({ dueMs }) => dueMs === undefined);
    const [first] = calls;
    return first === undefined ? undefined : { label: first.label, context: first.context, others: calls.length - 1 };
  }

  #digested({ how, exitCode, bytes }: EndEvent): DigestedEnd {
    return { how, exitCode: exitCode ?? (how === 'done' ? 0 : 1), summary: how === 'done' ? undefined : this.#firstLine(bytes) };
  }

  #firstLine(bytes: Uint8Array): string {
    const error = decodeRecorded(bytes, { kinds: this.#kinds });
    const text = isError(error) ? `${error.name}: ${error.message}` : String(error);
    return (this.#scrub(text).split('\n', 1)[0] ?? '').slice(0, LONGEST_SUMMARY_CHARS);
  }
}

function workOf(event: CallEvent | TimerEvent): PendingWork {
  if (event.t === 'timer') return { id: event.id, label: 'sleep', context: undefined, dueMs: event.dueMs };
  return { id: event.id, label: event.fn, context: event.context, dueMs: undefined };
}

function stateOf(parked: ParkedState | undefined): SessionState {
  if (parked === undefined) return 'interrupted';
  return parked.why === 'timer' ? 'waiting' : 'parked';
}
