// Maps and Sets find their keys by hashes, and those of numbers and bigints have no seed: whoever knows the engine can make keys that all fall into
// one place, where each one more walks past all before it. What keys are cannot tell that, since ordinary numbers serve as well. So their time tells.
/* oxlint-disable no-restricted-globals */

/** Keys between two looks at the clock. */
const KEYS = 1024;
/** What a message may take in any case: a machine that is busy, a collection of garbage. */
const GRACE_MS = 250;
/** Ten times what a key takes on a slow machine. */
const MS_A_PART = 0.005;
const MS_A_BYTE = 0.000_01;

// Taken at load: a session gives its program a clock of its own.
const clock = performance;
const { now } = clock;
const nowMs = (): number => Reflect.apply(now, clock, []);

/** The keys of one message. */
export class KeyPace {
  #keys = 0;
  #sinceMs = 0;

  /** Counts a key. False: those so far took longer than any that do not collide. @param parts of the message that were read, all kinds */
  keeps(parts: number, bytes: number): boolean {
    if (this.#keys++ % KEYS !== 0) return true;
    if (this.#keys === 1) this.#sinceMs = nowMs() - parts * MS_A_PART;
    return nowMs() - this.#sinceMs <= GRACE_MS + parts * MS_A_PART + bytes * MS_A_BYTE;
  }
}
