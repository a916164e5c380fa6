// Durable timers. When one is due is in the journal, so a wait goes on where it was; that it fired is an event like any other.
import { deferred } from '../../../base/deferred.ts';
import type { TimerHandle } from '../../../base/clock.ts';
import type { EventSite } from '../../journal/event.ts';
import { TIMER_FN } from './cursor.ts';
import type { Engine } from '../session/engine.ts';
import type { SessionTimer } from '../session/session-api.ts';

/** The timers of one session that are set in this process. */
export class Timers {
  readonly #engine: Engine;
  readonly #handles = new Map<number, TimerHandle>();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Sets a timer of `ms` milliseconds. @throws ResproutError JOURNAL_DIVERGED */
  set(ms: number, site: EventSite): SessionTimer {
    const engine = this.#engine;
    if (engine.gone) return { id: -1, fired: new Promise(() => undefined), clear: () => undefined };
    if (engine.fatal !== undefined) throw engine.fatal;
    const { id, recorded } = this.#issue(site);
    const { promise, resolve, reject } = deferred<void>();
    const nowMs = engine.options.clock.wallMs();
    const dueMs = recorded?.t === 'timer' ? recorded.dueMs : nowMs + ms;
    engine.outstanding.add({
      id,
      fn: TIMER_FN,
      site,
      sinceMs: nowMs,
      dueMs,
      running: false,
      settle: () => resolve(),
      cancel: reject,
    });
    if (recorded === undefined) {
      engine.writer.append({ t: 'timer', id, site, dueMs, atMs: nowMs });
      this.#arm(id, dueMs);
    } else if (engine.cursor.doneOf(id) === undefined) engine.pump.whenCaughtUp(() => this.#arm(id, dueMs));
    return { id, fired: promise, clear: () => this.clear(id) };
  }

  #issue(site: EventSite): ReturnType<Engine['cursor']['issue']> {
    try {
      return this.#engine.cursor.issue('timer', { fn: TIMER_FN, site });
    } catch (error) {
      throw this.#engine.fail(error);
    }
  }

  #arm(id: number, dueMs: number): void {
    const engine = this.#engine;
    if (!engine.outstanding.has(id)) return;
    const { clock } = engine.options;
    const fire = (): void => {
      // A clock that was set back makes it early: waits for the rest.
      if (clock.wallMs() < dueMs) return this.#arm(id, dueMs);
      this.#handles.delete(id);
      const outcome = { kind: 'value', bytes: engine.results.data('a timer', undefined) } as const;
      engine.pump.arrive({ make: (atMs) => (engine.outstanding.has(id) ? { t: 'done', id, atMs, outcome } : undefined) });
    };
    this.#handles.set(id, clock.after(Math.max(0, dueMs - clock.wallMs()), fire));
  }

  /** Takes a timer back; nothing happens when it has fired. */
  clear(id: number): void {
    this.#handles.get(id)?.clear();
    this.#handles.delete(id);
    this.#engine.outstanding.drop(id);
  }

  close(): void {
    for (const handle of this.#handles.values()) handle.clear();
    this.#handles.clear();
  }
}
