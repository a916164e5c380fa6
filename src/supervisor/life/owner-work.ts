// The steps of a life that run in the owner: prepare, cancel, and what prepare deferred.
import { toError } from '../../base/errors/errors.ts';
import type { Clock } from '../../base/seams/clock.ts';
import type { OwnerSteps } from '../contract/check-runtime.ts';
import { thrownText, unitFailure, type FailedUnit, type UnitFailure } from '../contract/failure.ts';

/** Whose steps they are. */
export interface OwnerWorkOf extends FailedUnit {
  readonly life: number;
  readonly steps: OwnerSteps;
  readonly args: unknown;
}

/** The owner's part of one life. */
export class OwnerWork {
  /** What went wrong besides. */
  readonly also: UnitFailure[] = [];
  readonly #of: OwnerWorkOf;
  readonly #giveUp = new AbortController();
  readonly #leftCancel = new AbortController();
  readonly #deferred: (() => unknown)[] = [];
  #given: unknown;

  constructor(of: OwnerWorkOf) {
    this.#of = of;
  }

  /** Fires when the life is to end. */
  get signal(): AbortSignal {
    return this.#giveUp.signal;
  }

  /** The life is to end. Twice is fine. */
  giveUp(): void {
    if (!this.signal.aborted) this.#giveUp.abort();
  }

  /** What the unit is given. @throws whatever prepare throws */
  async prepare(): Promise<unknown> {
    const { args, life, name, steps } = this.#of;
    const owner = { name, life, signal: this.signal, defer: (release: () => unknown) => void this.#deferred.push(release) };
    this.#given = steps.prepare === undefined ? args : await steps.prepare(args, owner);
    return this.#given;
  }

  /** Asks run to end by the Runtime's own way; undefined when it has none. Rejects with what it throws. */
  cancel(): Promise<unknown> | undefined {
    const { cancel } = this.#of.steps;
    if (cancel === undefined) return undefined;
    return (async () => await cancel(this.#given, this.#leftCancel.signal))();
  }

  /** Calls what was deferred, the last first, within `ms` each. @returns all that went wrong besides */
  async release(clock: Clock, ms: number): Promise<readonly UnitFailure[]> {
    this.#leftCancel.abort();
    for (const release of this.#deferred.splice(0).toReversed()) {
      const late = Promise.withResolvers<never>();
      const timer = clock.after(ms, () => late.reject(new Error(`it did not end within ${ms} ms`)));
      try {
        await Promise.race([(async () => await release())(), late.promise]);
      } catch (thrown) {
        const error = toError(thrown);
        this.also.push(unitFailure(this.#of, 'release', 'threw', `failed in what prepare deferred: ${thrownText(error)}`, error));
      } finally {
        timer.clear();
      }
    }
    return this.also;
  }
}
