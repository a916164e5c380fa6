// How a life is ended: rung after rung, each with its own deadline, until it has ended.
import type { Clock } from '../../base/seams/clock.ts';
import { Deadline } from './deadline.ts';

/** One way to end it. */
export interface Rung {
  readonly name: 'drain' | 'cancel' | 'leave' | 'kill';
  readonly ms: number;
  /** The next rung follows at once then. */
  readonly done?: Promise<unknown> | undefined;
  act(): void;
}

/** The rungs of one life. */
export class Ladder {
  readonly #clock: Clock;
  #deadline: Deadline | undefined;
  #name: Rung['name'] | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The rung that it stands on; undefined before the first. */
  get rung(): Rung['name'] | undefined {
    return this.#name;
  }

  /** More time on the rung that it stands on. The last one has none to give. */
  extend(ms: number): void {
    if (this.#name !== 'kill') this.#deadline?.extend(ms);
  }

  /** Climbs until `ended`. @returns false when the last rung was in vain */
  async climb(rungs: readonly Rung[], ended: Promise<unknown>): Promise<boolean> {
    for (const { act, done, ms, name } of rungs) {
      this.#name = name;
      act();
      if (await this.#within(ms, ended, done)) return true;
    }
    return false;
  }

  async #within(ms: number, ended: Promise<unknown>, done: Promise<unknown> | undefined): Promise<boolean> {
    const late = Promise.withResolvers<false>();
    const deadline = new Deadline(this.#clock, ms, () => late.resolve(false));
    this.#deadline = deadline;
    try {
      const early = done === undefined ? [] : [done.then(() => false as const)];
      return await Promise.race([ended.then(() => true as const), late.promise, ...early]);
    } finally {
      deadline.clear();
    }
  }
}
