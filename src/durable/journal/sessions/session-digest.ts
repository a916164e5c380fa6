// What a list says of a session, taken from its events one after the other: no list has to keep a history.
import { isError } from '../../../base/errors/is-error.ts';
import type { EndEvent, JournalEvent, StartEvent } from '../events/event.ts';
import { corrupt } from '../events/record-fields.ts';
import type { NodeKinds } from '../values/node-kinds.ts';
import { decodeRecorded } from '../values/recorded-value.ts';
import type { OwnerInfo, SessionInfo, SessionState } from './session-info.ts';
import type { ParkedState } from './session-store.ts';

interface Pending {
  readonly dueMs?: number | undefined;
}

/** What is known of a session beside its journal. */
export interface Surroundings {
  readonly owner: OwnerInfo | undefined;
  readonly parked: ParkedState | undefined;
}

/** Follows the events of one session from its first one on. */
export class SessionDigest {
  readonly #kinds: NodeKinds;
  readonly #pending = new Map<number, Pending>();
  #events = 0;
  #start: StartEvent | undefined;
  #build = '';
  #lastMs = 0;
  #end: EndEvent | undefined;

  constructor(kinds: NodeKinds) {
    this.#kinds = kinds;
  }

  /** @throws ResproutError JOURNAL_CORRUPT when the first one is not the start event */
  take(event: JournalEvent): void {
    if (this.#events === 0 && event.t !== 'start') throw corrupt(`the first event is a ${event.t} event, not the start`);
    this.#events++;
    this.#lastMs = event.atMs;
    this.#end = event.t === 'end' ? event : undefined;
    if (event.t === 'start') {
      this.#start ??= event;
      this.#build = event.build;
    } else if (event.t === 'build') this.#build = event.build;
    else if (event.t === 'call') this.#pending.set(event.id, {});
    else if (event.t === 'timer') this.#pending.set(event.id, { dueMs: event.dueMs });
    else if (event.t === 'done') this.#pending.delete(event.id);
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
      build: this.#build,
      startedMs: start.atMs,
      lastMs: this.#lastMs,
      events: this.#events,
      owner: state === 'running' ? owner : undefined,
      dueMs: state === 'waiting' || state === 'running' ? this.#onlyTimers() : undefined,
      summary: end !== undefined && end.how !== 'done' ? this.#firstLine(end.bytes) : undefined,
    };
  }

  /** When the first of the timers is due, when nothing else is waited for. */
  #onlyTimers(): number | undefined {
    let next = Number.POSITIVE_INFINITY;
    for (const { dueMs } of this.#pending.values()) {
      if (dueMs === undefined) return undefined;
      next = Math.min(next, dueMs);
    }
    return Number.isFinite(next) ? next : undefined;
  }

  #firstLine(bytes: Uint8Array): string {
    const error = decodeRecorded(bytes, { kinds: this.#kinds });
    const text = isError(error) ? `${error.name}: ${error.message}` : String(error);
    return text.split('\n', 1)[0] ?? '';
  }
}

function stateOf(parked: ParkedState | undefined): SessionState {
  if (parked === undefined) return 'interrupted';
  return parked.why === 'timer' ? 'waiting' : 'parked';
}
