import type { JournalEvent } from '../../journal/events/event.ts';
import type { SessionSink } from '../session/session-sink.ts';

/** The way of a session's events to its sink, with what the durability rule needs to know: is a result waiting for the disk? */
export class JournalWriter {
  readonly #sink: SessionSink;
  #appended = 0;
  /** Number of the last event whose loss would change what the program has seen: a synchronous result. */
  #lastResult = 0;
  #durable = 0;
  #waiting = 0;
  #closed = false;

  constructor(sink: SessionSink) {
    this.#sink = sink;
  }

  /** Events appended so far. */
  get appended(): number {
    return this.#appended;
  }

  /** Whether nothing is on its way to the disk. */
  get settled(): boolean {
    return this.#durable >= this.#appended && this.#waiting === 0;
  }

  append(event: JournalEvent): void {
    if (this.#closed) return;
    this.#sink.append(event);
    this.#appended++;
    if (event.t === 'sync' || (event.t === 'open' && event.facts !== undefined)) this.#lastResult = this.#appended;
  }

  /** Runs `run` when everything appended so far is on disk; never when the session is closed before. */
  whenDurable(run: () => void): void {
    const upTo = this.#appended;
    this.#waiting++;
    this.#sink.whenDurable(() => {
      this.#waiting--;
      this.#durable = Math.max(this.#durable, upTo);
      if (!this.#closed) run();
    });
  }

  /** Before a synchronous effect: every earlier result is on disk when this returns. */
  barrier(): void {
    if (this.#lastResult > this.#durable) this.barrierAll();
  }

  /** Everything appended so far is on disk when this returns. */
  barrierAll(): void {
    const upTo = this.#appended;
    if (upTo <= this.#durable) return;
    this.#sink.barrier();
    this.#durable = Math.max(this.#durable, upTo);
  }

  close(): void {
    this.#closed = true;
  }
}
