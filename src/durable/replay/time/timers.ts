// Durable timers. When one is due is in the journal, so a wait goes on where it was; that it fired is an event like any other. Those that are due
// in the same millisecond fire in the order in which they were set, however the clock of the machine wakes them. What a turn sets that a crash
// cut in two counts from the cut: it does not come later than what the same turn had set before.
import { deferred } from '../../../base/deferred.ts';
import type { TimerHandle } from '../../../base/seams/clock.ts';
import type { Site } from '../../../base/site.ts';
import { TIMER_FN } from './cursor.ts';
import type { SessionParts } from '../session/session-parts.ts';
import type { SessionTimer } from '../session/session-api.ts';

/**
 * How long, at most, a timer that came due while no process ran is held back for calls that are asked again: what would have ended before it
 * without the crash then does.
 */
const GRACE_MS = 1000;

interface Armed {
  readonly id: number;
  readonly dueMs: number;
  /** When it fires: as it is due, or later where it is held back. */
  readonly atMs: number;
  handle: TimerHandle;
}

const isBefore = (a: Armed, b: Armed): boolean => {
  if (a.atMs !== b.atMs) return a.atMs < b.atMs;
  return a.dueMs === b.dueMs ? a.id < b.id : a.dueMs < b.dueMs;
};

/** The timers of one session that are set in this process. */
export class Timers {
  readonly #parts: SessionParts;
  /** In the order in which they fire. */
  readonly #armed: Armed[] = [];
  readonly #byId = new Map<number, Armed>();

  constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  /**
   * Sets a timer of `ms` milliseconds. @param fire called from the delivery, in the async context of this call
   * @throws ResproutError JOURNAL_DIVERGED
   */
  set(ms: number, site: Site, fire?: () => void): SessionTimer {
    const parts = this.#parts;
    if (parts.gone) return { id: -1, fired: new Promise(() => undefined), clear: () => undefined, setRef: () => undefined };
    const { id, recorded, stamp } = parts.issue({ t: 'timer', fn: TIMER_FN, site });
    const { promise, resolve, reject } = deferred<void>();
    const nowMs = parts.options.clock.wallMs();
    const cutMs = parts.pump.isCaughtUp ? undefined : parts.cursor.reachedMs;
    const dueMs = recorded?.t === 'timer' ? recorded.dueMs : (cutMs ?? nowMs) + ms;
    parts.outstanding.add({
      id,
      fn: TIMER_FN,
      site,
      sinceMs: nowMs,
      dueMs,
      running: false,
      settle: fire === undefined ? () => resolve() : this.#entered(fire),
      cancel: fire === undefined ? reject : () => undefined,
    });
    if (recorded === undefined) {
      parts.writer.append({ t: 'timer', id, ...stamp, site, dueMs, atMs: nowMs });
      // One that an earlier process set may be due before it: they begin together.
      if (parts.pump.isCaughtUp) this.#arm(id, dueMs);
      else parts.pump.whenCaughtUp(() => (cutMs === undefined ? this.#arm(id, dueMs) : this.#armAgain(id, dueMs)), dueMs);
    } else if (parts.cursor.doneOf(id) === undefined) parts.pump.whenCaughtUp(() => this.#armAgain(id, dueMs), dueMs);
    return { id, fired: promise, clear: () => this.clear(id), setRef: (isRef) => parts.outstanding.setRef(id, isRef) };
  }

  #entered(fire: () => void): () => void {
    const enter = this.#parts.options.realm.context.snapshot();
    return () => enter(() => this.#parts.enter(fire));
  }

  /** One that an earlier process set, or would have. */
  #armAgain(id: number, dueMs: number): void {
    const { isAsking, now, options } = this.#parts;
    const leftMs = Math.max(0, dueMs - now.observedMs);
    this.#arm(id, dueMs, isAsking ? options.clock.wallMs() + Math.min(leftMs, GRACE_MS) : dueMs);
  }

  /** @param notBeforeMs when it fires, if that is later than it is due */
  #arm(id: number, dueMs: number, notBeforeMs = dueMs): void {
    const { outstanding, options } = this.#parts;
    if (!outstanding.has(id)) return;
    const { clock } = options;
    const atMs = Math.max(dueMs, notBeforeMs);
    const timer: Armed = { id, dueMs, atMs, handle: clock.after(Math.max(0, atMs - clock.wallMs()), () => this.#due(timer)) };
    this.#armed.splice(this.#placeOf(timer), 0, timer);
    this.#byId.set(id, timer);
  }

  /** Where a timer stands, or would. */
  #placeOf(timer: Armed): number {
    let [low, high] = [0, this.#armed.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.#armed[middle];
      if (other !== undefined && isBefore(other, timer)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #due(timer: Armed): void {
    const { clock } = this.#parts.options;
    const leftMs = timer.atMs - clock.wallMs();
    if (leftMs > 0) {
      // A clock that was set back makes it early: waits for the rest.
      timer.handle = clock.after(leftMs, () => this.#due(timer));
      return;
    }
    for (const due of this.#armed.splice(0, this.#placeOf(timer) + 1)) {
      due.handle.clear();
      this.#byId.delete(due.id);
      this.#fire(due.id);
    }
  }

  #fire(id: number): void {
    const { outstanding, pump, results } = this.#parts;
    const outcome = { kind: 'value', bytes: results.data('a timer', undefined) } as const;
    pump.arrive({ make: (atMs) => (outstanding.has(id) ? { t: 'done', id, atMs, outcome } : undefined) });
  }

  /** Takes a timer back; nothing happens when it has fired. */
  clear(id: number): void {
    const timer = this.#byId.get(id);
    if (timer !== undefined) {
      this.#armed.splice(this.#placeOf(timer), 1);
      this.#byId.delete(id);
      timer.handle.clear();
    }
    this.#parts.outstanding.drop(id);
  }

  close(): void {
    for (const { handle } of this.#armed.splice(0)) handle.clear();
    this.#byId.clear();
  }
}
