// What `durable/runner` sees of an object: the way of its effects, and of its events.
import type { Site } from '../../../base/site.ts';
import type { ConversationOptions, ObjectWays } from './local-half.ts';

/** One object of a session. */
export class Conversation {
  readonly number: number;
  readonly shown: string;
  readonly site: Site;
  readonly #objects: ObjectWays;

  constructor(objects: ObjectWays, options: ConversationOptions & { readonly site: Site }) {
    this.#objects = objects;
    this.shown = options.shown;
    this.site = options.site;
    this.number = objects.add(options);
  }

  /**
   * Records that it is opened; `open` runs after the commit, and not on replay. @param args are compared on replay by their hash
   * @returns whether it is new: `open` will run
   */
  open(fn: string, args: readonly unknown[], open: () => void): boolean {
    return this.#objects.open(this.number, fn, args, this.site, open);
  }

  /** Opens it where it stands; gives what `open` returned, as recorded. */
  openNow(fn: string, args: readonly unknown[], open: () => unknown): unknown {
    return this.#objects.openNow(this.number, fn, args, this.site, open);
  }

  /** Records what the program does to it; `act` runs after the commit, and not on replay. @returns whether it is new: `act` will run */
  effect(name: string, size: number, act: () => void): boolean {
    return this.#objects.effect(this.number, name, size, act);
  }

  /** From the half outside. */
  arrive(name: string, value?: unknown): void {
    this.#objects.arrive(this.number, name, value);
  }

  /** From the half outside: bytes, joined with those that are not in the journal yet. @returns how many those are now */
  arriveData(name: string, chunk: Uint8Array): number {
    return this.#objects.arriveData(this.number, name, chunk);
  }

  /** Whether it keeps a program without an entry alive. */
  setRef(isRef: boolean): void {
    this.#objects.setRef(this.number, isRef);
  }

  /** Runs `run` outside of the session once everything appended so far is on disk. */
  whenDurable(run: () => void): void {
    this.#objects.whenDurable(run);
  }

  /** Runs `run` outside of the session before the program does anything new, at once when it has; never where it is only replayed. */
  whenLive(run: () => void): void {
    this.#objects.whenLive(run);
  }

  /** Runs `run` outside of the session: for what the half outside does of itself, and no event says. */
  outside(run: () => void): void {
    this.#objects.outside(run);
  }

  /** It is over. */
  over(): void {
    this.#objects.drop(this.number);
  }
}
