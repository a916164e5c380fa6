import type { JournalEvent } from '../../journal/events/event.ts';

/** Where a session's events go: the runner's journal channel, or memory in tests. One per session. */
export interface SessionSink {
  /** Takes the next event of the session. It is not durable yet. */
  append(event: JournalEvent): void;
  /**
   * Calls `run` once, never synchronously, when everything appended so far is on disk. Runs of one session keep their order.
   * The sink decides when rows leave; it need not be asked for a flush.
   */
  whenDurable(run: () => void): void;
  /** Blocks until everything appended so far is on disk. Never returns when the owner is lost or the session is fenced. */
  barrier(): void;
}
