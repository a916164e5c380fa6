// Changes of a group, one after the other.
import { ResproutError } from '../../base/errors/errors.ts';
import type { UnitEnd } from '../contract/failure.ts';
import type { Changed } from './member.ts';

/** How a change went. */
interface Outcome {
  readonly what: Changed;
  readonly fall: UnitEnd | undefined;
}

const GOOD: readonly Changed[] = ['scaled', 'updated'];

/** The changes of one group. */
export class Changes {
  readonly #name: string;
  readonly #ended = Promise.withResolvers<undefined>();
  #last: Promise<void>;
  #settle: (outcome: Outcome) => void = () => {};

  constructor(name: string, started: Promise<void>) {
    this.#name = name;
    // A group that cannot start says so by `end`.
    this.#last = started.catch(() => {});
  }

  /** The change that is under way is over. */
  settle(what: Changed, fall: UnitEnd | undefined): void {
    this.#settle({ what, fall });
  }

  /** No change is made any more. */
  end(): void {
    this.#ended.resolve(undefined);
  }

  /**
   * Makes one when those before are over. @param takeBack called when the signal fires meanwhile
   * @throws ResproutError GROUP_NOT_CHANGED, GROUP_CLOSED; the reason of a signal that fired before it began
   */
  async make(begin: () => void, takeBack: () => void, signal: AbortSignal | undefined): Promise<void> {
    const before = this.#last;
    const over = Promise.withResolvers<void>();
    this.#last = over.promise;
    try {
      await Promise.race([before, this.#ended.promise]);
      signal?.throwIfAborted();
      const outcome = await this.#outcome(begin, takeBack, signal);
      if (outcome === undefined) throw new ResproutError('GROUP_CLOSED', `${this.#name} ended before it was changed`);
      if (!GOOD.includes(outcome.what)) throw this.#notChanged(outcome, signal);
    } finally {
      over.resolve();
    }
  }

  async #outcome(begin: () => void, takeBack: () => void, signal: AbortSignal | undefined): Promise<Outcome | undefined> {
    const settled = Promise.withResolvers<Outcome>();
    this.#settle = settled.resolve;
    signal?.addEventListener('abort', takeBack, { once: true });
    try {
      const hasEnded = await Promise.race([this.#ended.promise.then(() => true), Promise.resolve(false)]);
      if (hasEnded) return undefined;
      begin();
      return await Promise.race([settled.promise, this.#ended.promise]);
    } finally {
      signal?.removeEventListener('abort', takeBack);
    }
  }

  #notChanged({ fall, what }: Outcome, signal: AbortSignal | undefined): ResproutError {
    const cause: unknown = fall?.failure?.error ?? signal?.reason;
    const why = cause instanceof Error ? `: ${cause.message}` : '';
    const saw = what === 'rolled-back' ? 'it runs with its arguments from before' : 'it has as many replicas as before';
    return new ResproutError(
      'GROUP_NOT_CHANGED',
      `${this.#name} was not changed, ${saw}${why}`,
      { tried: `change ${this.#name}`, saw },
      { cause },
    );
  }
}
