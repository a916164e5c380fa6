// What the program sees as time: the moment of the last recorded event it observed. So every read is the same on replay.
// It moves by a microsecond a read, or a busy wait would never end and a duration could be nothing; it never goes back.

const READS_PER_MS = 1000;

/** The clock of one session. */
export class VirtualClock {
  readonly #startMs: number;
  #baseMs: number;
  #reads = 0;

  constructor(startMs: number) {
    this.#startMs = Math.floor(startMs);
    this.#baseMs = this.#startMs;
  }

  /** The program observes an event of this time. */
  observe(atMs: number): void {
    if (Math.floor(atMs) <= this.#baseMs + Math.floor(this.#reads / READS_PER_MS)) return;
    this.#baseMs = Math.floor(atMs);
    this.#reads = 0;
  }

  /** Time of the last event that the program observed, as it is seen without being asked for. */
  get observedMs(): number {
    return this.#baseMs;
  }

  /** Whole milliseconds since the epoch. */
  nowMs(): number {
    return this.#baseMs + Math.floor(this.#reads++ / READS_PER_MS);
  }

  /** Milliseconds since the session began, with microseconds. */
  sinceStartMs(): number {
    return this.#baseMs - this.#startMs + ++this.#reads / READS_PER_MS;
  }
}
