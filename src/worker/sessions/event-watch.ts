// Turns committed rows into what an observer sees, and notices a session that only waits for a timer. It runs after the answer to the
// runner has left, and only when somebody wants it.
import type { CallEvent, JournalEvent, TimerEvent } from '../../durable/journal/events/event.ts';
import type { ReadRow } from '../owner/commit-queue.ts';
import type { RunObserver } from '../run-observer.ts';

export interface EventWatchOptions {
  readonly observer: RunObserver | undefined;
  /** Told when nothing is pending but timers: the time of the next one. Undefined: nobody wants to know. */
  readonly onOnlyTimers?: ((dueMs: number) => void) | undefined;
}

interface Pending {
  readonly label: string;
  readonly context?: string | undefined;
  readonly atMs: number;
  readonly dueMs?: number | undefined;
}

/** Follows the events of one session. */
export class EventWatch {
  readonly #options: EventWatchOptions;
  readonly #pending = new Map<number, Pending>();

  constructor(options: EventWatchOptions) {
    this.#options = options;
  }

  /** Calls and timers without a result that were recorded before this run. Nobody is told. */
  past(pending: readonly (CallEvent | TimerEvent)[]): void {
    for (const event of pending) this.#note(event);
  }

  take(rows: readonly ReadRow[]): void {
    const { observer, onOnlyTimers } = this.#options;
    if (observer === undefined && onOnlyTimers === undefined) return;
    for (const row of rows) {
      let seq = row.firstSeq;
      for (const event of row.events) {
        if (observer !== undefined) this.#tell(observer, event);
        observer?.onJournal?.(seq++, event);
        this.#note(event);
      }
    }
    if (onOnlyTimers === undefined || this.#pending.size === 0) return;
    let next = Number.POSITIVE_INFINITY;
    for (const { dueMs } of this.#pending.values()) {
      if (dueMs === undefined) return;
      next = Math.min(next, dueMs);
    }
    onOnlyTimers(next);
  }

  #note(event: JournalEvent): void {
    if (event.t === 'call') this.#pending.set(event.id, { label: event.fn, context: event.context, atMs: event.atMs });
    else if (event.t === 'timer') this.#pending.set(event.id, { label: 'sleep', atMs: event.atMs, dueMs: event.dueMs });
    else if (event.t === 'done') this.#pending.delete(event.id);
  }

  #tell(observer: RunObserver, event: JournalEvent): void {
    switch (event.t) {
      case 'call':
        observer.on({
          type: 'call-started',
          id: event.id,
          label: event.fn,
          context: event.context,
          site: event.site,
          atMs: event.atMs,
        });
        return;
      case 'timer':
        observer.on({ type: 'sleeping', id: event.id, atMs: event.atMs, untilMs: event.dueMs, site: event.site });
        return;
      case 'done': {
        const pending = this.#pending.get(event.id);
        if (pending?.dueMs !== undefined) observer.on({ type: 'woke', id: event.id });
        else {
          const tookMs = pending === undefined ? 0 : Math.max(0, event.atMs - pending.atMs);
          const { label = '', context } = pending ?? {};
          observer.on({ type: 'call-ended', id: event.id, label, context, ok: event.outcome.kind !== 'error', tookMs });
        }
        return;
      }
      case 'sync':
        observer.on({ type: 'sync', id: event.id, label: event.fn, ok: event.outcome.kind !== 'error', site: event.site });
        return;
      case 'end':
        observer.on({ type: 'ended', how: event.how });
        return;
      case 'start':
      case 'open':
      case 'effect':
      case 'event':
      case 'hop':
      case 'cb':
      case 'signal':
      case 'cancel':
      case 'build':
      case 'rewind':
      case 'fork':
      case 'given':
        return;
    }
  }
}
