// Durable timers. When one is due is in the journal, so a wait goes on where it was; that it fired is an event like any other.
import { deferred } from '../../../base/deferred.ts';
import type { TimerHandle } from '../../../base/clock.ts';
import type { Site } from '../../../base/site.ts';
import { TIMER_FN } from './cursor.ts';
import type { SessionParts } from '../session/session-parts.ts';
import type { SessionTimer } from '../session/session-api.ts';

/** The timers of one session that are set in this process. */
export class Timers {
  readonly #parts: SessionParts;
  readonly #handles = new Map<number, TimerHandle>();

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
    const dueMs = recorded?.t === 'timer' ? recorded.dueMs : nowMs + ms;
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
      else parts.pump.whenCaughtUp(() => this.#arm(id, dueMs), dueMs);
    } else if (parts.cursor.doneOf(id) === undefined) parts.pump.whenCaughtUp(() => this.#arm(id, dueMs), dueMs);
    return { id, fired: promise, clear: () => this.clear(id), setRef: (isRef) => parts.outstanding.setRef(id, isRef) };
  }

  #entered(fire: () => void): () => void {
    const enter = this.#parts.options.realm.context.snapshot();
    return () => enter(() => this.#parts.enter(fire));
  }

  #arm(id: number, dueMs: number): void {
    const parts = this.#parts;
    if (!parts.outstanding.has(id)) return;
    const { clock } = parts.options;
    const fire = (): void => {
      // A clock that was set back makes it early: waits for the rest.
      if (clock.wallMs() < dueMs) return this.#arm(id, dueMs);
      this.#handles.delete(id);
      const outcome = { kind: 'value', bytes: parts.results.data('a timer', undefined) } as const;
      parts.pump.arrive({ make: (atMs) => (parts.outstanding.has(id) ? { t: 'done', id, atMs, outcome } : undefined) });
    };
    this.#handles.set(id, clock.after(Math.max(0, dueMs - clock.wallMs()), fire));
  }

  /** Takes a timer back; nothing happens when it has fired. */
  clear(id: number): void {
    this.#handles.get(id)?.clear();
    this.#handles.delete(id);
    this.#parts.outstanding.drop(id);
  }

  close(): void {
    for (const handle of this.#handles.values()) handle.clear();
    this.#handles.clear();
  }
}
