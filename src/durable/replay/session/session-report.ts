// What a session tells whoever runs it.
import type { Site } from '../../../base/site.ts';

/** A call that has been issued and has not ended. */
export interface InflightCall {
  /** Number of the call in its session. */
  readonly id: number;
  /** Name in the journal, such as `node:fs.readFile` or `ops.ts#upgrade`. */
  readonly fn: string;
  /** Name of the far context that it goes to. */
  readonly context?: string | undefined;
  /** Where; its file is empty for calls that no hook saw. */
  readonly site: Site;
  /** Milliseconds since the epoch when it was issued. */
  readonly sinceMs: number;
  /** Whether it really runs now: false while its intent is on its way to the disk, and for timers. */
  readonly running: boolean;
  /** When a timer is due, in milliseconds since the epoch; absent for calls. */
  readonly dueMs?: number | undefined;
}

/** Who is told what is not in the journal. Must not throw. */
export interface SessionObserver {
  /** Replay has caught up: everything from here on is new. `events` counts what was replayed. */
  onCaughtUp?(events: number): void;
  /** Something that does not stop the session but that its author should know. One sentence. */
  onWarning?(text: string): void;
}

/** How a session ended, as its `end` event says. */
export type SessionOutcome =
  | { readonly how: 'done'; readonly value: unknown; readonly exitCode?: number | undefined; readonly dropped: readonly string[] }
  | {
      readonly how: 'failed' | 'cancelled';
      readonly error: unknown;
      readonly exitCode?: number | undefined;
      readonly dropped: readonly string[];
    };

/** The answer of `park`. */
export interface Parking {
  /** Resolves when no call runs and everything appended is on disk. Calls under way may take for ever: give it a deadline. */
  readonly quiet: Promise<void>;
  /** Calls that run now. They get no `done` and are issued again at resume. */
  unfinished(): readonly InflightCall[];
}
