// Calls and timers that are issued and have not ended.
import type { Site } from '../../../base/site.ts';
import type { DoneEvent } from '../../journal/events/event.ts';
import type { InflightCall } from '../session/session-report.ts';

/** One call or timer that the program may be waiting for. */
export interface Outstanding {
  readonly id: number;
  readonly fn: string;
  readonly context?: string | undefined;
  readonly site: Site;
  readonly sinceMs: number;
  readonly dueMs?: number | undefined;
  /** Whether it runs now. */
  running: boolean;
  /** Whether it keeps a program without an entry alive; a timer may say no. Default true. */
  isRef?: boolean | undefined;
  /** Gives the recorded end to whoever waits. `live`: the object itself, when this process made it. */
  settle(event: DoneEvent, live: object | undefined): void;
  /** Ends the wait with an error, without a recorded end: cancellation. */
  cancel(error: Error): void;
}

/** A place as people read it. */
export function shownPlace(site: Site): string | undefined {
  return site.line > 0 ? `${site.file}:${String(site.line)}` : undefined;
}

/** A call as whoever runs the session gets it. */
function shownCall(call: Outstanding): InflightCall {
  const { id, fn, context, site, sinceMs, running, dueMs } = call;
  return { id, fn, context, site, sinceMs, running, dueMs };
}

/** The registry: it keeps sessions that only wait alive, since nothing else refers to their promises. */
export class OutstandingCalls {
  readonly #calls = new Map<number, Outstanding>();
  readonly #cancelled = new Set<number>();

  add(call: Outstanding): void {
    this.#calls.set(call.id, call);
  }

  /** Whether somebody still waits for it. */
  has(id: number): boolean {
    return this.#calls.has(id);
  }

  /** Takes it out: it has ended, or was cleared. */
  take(id: number): Outstanding | undefined {
    const call = this.#calls.get(id);
    this.#calls.delete(id);
    return call;
  }

  /** The program took it back (`clearTimeout`): a recorded end of it is passed over. */
  drop(id: number): void {
    if (this.#calls.delete(id)) this.#cancelled.add(id);
  }

  /** Whether it ended without a recorded end. */
  wasCancelled(id: number): boolean {
    return this.#cancelled.has(id);
  }

  /** Ends all waits, oldest first. */
  cancelAll(error: Error): void {
    for (const call of [...this.#calls.values()].sort((a, b) => a.id - b.id)) {
      this.drop(call.id);
      call.cancel(error);
    }
  }

  /** Whether something other than a timer has not ended. */
  get hasCalls(): boolean {
    return [...this.#calls.values()].some(({ dueMs }) => dueMs === undefined);
  }

  /** Whether nothing runs outside. */
  get idle(): boolean {
    return ![...this.#calls.values()].some((call) => call.running);
  }

  /** Whether somebody waits for something that keeps a program alive. */
  get isHeld(): boolean {
    return [...this.#calls.values()].some((call) => call.isRef !== false);
  }

  /** How many timers keep a program alive. */
  get heldTimers(): number {
    return [...this.#calls.values()].filter(({ dueMs, isRef }) => dueMs !== undefined && isRef !== false).length;
  }

  /** Says whether a timer keeps a program alive. */
  setRef(id: number, isRef: boolean): void {
    const call = this.#calls.get(id);
    if (call !== undefined) call.isRef = isRef;
  }

  list(): readonly InflightCall[] {
    return [...this.#calls.values()].sort((a, b) => a.id - b.id).map(shownCall);
  }

  clear(): void {
    this.#calls.clear();
  }
}
