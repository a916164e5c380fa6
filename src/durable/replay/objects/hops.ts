// Work that leaves JavaScript and is a function of its input: compression, digests on other threads. It is done again on replay; only its place
// in the order is recorded.
import type { SessionParts } from '../session/session-parts.ts';

interface Hop {
  readonly take: (value: unknown) => void;
  result: { readonly value: unknown } | undefined;
}

/** The work of one session that is under way. */
export class Hops {
  readonly #parts: SessionParts;
  readonly #open = new Map<number, Hop>();
  #numbered = 0;

  constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  /** Whether anything is under way. */
  get isBusy(): boolean {
    return this.#open.size > 0;
  }

  /**
   * Starts work outside of the session. @param start calls its argument once, with the value or an error as data
   * @param take gets the value, in its turn and in the async context of this call. What `start` throws is thrown
   */
  start(start: (done: (value: unknown) => void) => void, take: (value: unknown) => void): void {
    const parts = this.#parts;
    const number = ++this.#numbered;
    const enter = parts.options.realm.context.snapshot();
    const hop: Hop = { take: (value) => enter(() => parts.enter(() => take(value))), result: undefined };
    this.#open.set(number, hop);
    const done = (value: unknown): void => {
      if (hop.result !== undefined) return;
      hop.result = { value };
      if (parts.cursor.hasHop(number)) parts.pump.kick();
      else parts.pump.arrive({ make: (atMs) => (this.#open.has(number) ? { t: 'hop', object: number, atMs } : undefined) });
    };
    try {
      parts.outsideObject(() => start(done));
    } catch (error) {
      // Refused where it stands, such as a wrong argument: nothing is under way.
      this.#open.delete(number);
      throw error;
    }
  }

  /** Whether the program has begun this work. */
  isBegun(number: number): boolean {
    return number <= this.#numbered;
  }

  /** Whether the recorded end of this work can be given. */
  isReady(number: number): boolean {
    const hop = this.#open.get(number);
    return hop === undefined || hop.result !== undefined;
  }

  /** @returns false when no such work is under way: the history belongs to another program */
  deliver(number: number): boolean {
    const hop = this.#open.get(number);
    if (hop?.result === undefined) return false;
    this.#open.delete(number);
    hop.take(hop.result.value);
    return true;
  }

  clear(): void {
    this.#open.clear();
  }
}
