import type { JournalEvent } from '../../journal/events/event.ts';
import type { SessionSink } from '../session/session-sink.ts';

/** The way of a session's events to its sink, with what the durability rule needs to know: is anything waiting for the disk? */
export class JournalWriter {
  readonly #sink: SessionSink;
  #appended = 0;
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

  /** Everything appended so far is on disk when this returns. */
  barrier(): void {
    const upTo = this.#appended;
    if (upTo <= this.#durable) return;
    this.#sink.barrier();
    this.#durable = Math.max(this.#durable, upTo);
  }

  close(): void {
    this.#closed = true;
  }
}
