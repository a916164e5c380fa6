// `import()` in a session: its place in the order is recorded, the namespace comes from the loader again in every process.
import { deferred } from '../../../base/deferred.ts';
import { toError } from '../../../base/errors/errors.ts';
import type { CallSpec } from './call-spec.ts';
import { activityInfo } from '../session/activity-info.ts';
import type { SessionParts } from '../session/session-parts.ts';
import { issue } from './issue.ts';

interface Load {
  settled: boolean;
  namespace?: object | undefined;
  error?: unknown;
}

/** The imports of one session that are under way or were replayed. */
export class Imports {
  readonly #parts: SessionParts;
  readonly #loads = new Map<number, Load>();

  constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  /** Whether the recorded end of this call can be given: false while its module is being loaded again. */
  isLoaded(id: number): boolean {
    return this.#loads.get(id)?.settled !== false;
  }

  /** @param load the session's loader for the importing file @throws ResproutError JOURNAL_DIVERGED */
  import(spec: CallSpec, load: () => Promise<unknown>): Promise<unknown> {
    const parts = this.#parts;
    if (parts.gone) return new Promise(() => undefined);
    const { id, recorded, argsHash, stamp } = issue(parts, spec);
    const { promise, resolve, reject } = deferred<unknown>();
    const { clock } = parts.options;
    parts.outstanding.add({
      id,
      fn: spec.fn,
      site: spec.site,
      sinceMs: clock.wallMs(),
      running: false,
      settle: ({ outcome }, live) => {
        const again = this.#loads.get(id);
        this.#loads.delete(id);
        if (outcome.kind !== 'live') reject(parts.results.read(outcome.bytes));
        else if (live !== undefined) resolve(live);
        else if (again?.namespace !== undefined) resolve(again.namespace);
        else reject(again?.error ?? new Error(`${spec.fn} was not loaded again`));
      },
      cancel: reject,
    });
    if (recorded === undefined) {
      parts.writer.append({ t: 'call', id, ...stamp, fn: spec.fn, site: spec.site, argsHash, atMs: clock.wallMs() });
      this.#start(spec, id, load);
    } else {
      const done = parts.cursor.doneOf(id);
      if (done === undefined) parts.pump.whenCaughtUp(() => this.#start(spec, id, load));
      else if (done.outcome.kind === 'live') this.#again(id, load);
    }
    return promise;
  }

  #start(spec: CallSpec, id: number, load: () => Promise<unknown>): void {
    const parts = this.#parts;
    const { results } = parts;
    void parts.outside(activityInfo(parts, id), async () => {
      try {
        const namespace = await load();
        const live = typeof namespace === 'object' && namespace !== null ? namespace : { default: namespace };
        this.#arrive(id, { kind: 'live', className: 'Module' }, live);
      } catch (error) {
        this.#arrive(id, results.error(spec.fn, error), undefined);
      }
    });
  }

  #arrive(id: number, outcome: ReturnType<SessionParts['results']['error']>, live: object | undefined): void {
    const { outstanding, pump } = this.#parts;
    pump.arrive({ make: (atMs) => (outstanding.has(id) ? { t: 'done', id, atMs, outcome } : undefined), live });
  }

  #again(id: number, load: () => Promise<unknown>): void {
    const parts = this.#parts;
    const state: Load = { settled: false };
    this.#loads.set(id, state);
    void parts.outside(activityInfo(parts, id), async () => {
      try {
        const namespace = await load();
        state.namespace = typeof namespace === 'object' && namespace !== null ? namespace : { default: namespace };
      } catch (error) {
        state.error = toError(error);
      }
      state.settled = true;
      parts.pump.kick();
    });
  }
}
