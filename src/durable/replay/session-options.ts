import type { Clock } from '../../base/clock.ts';
import type { Turn } from '../../base/turn.ts';
import type { JournalEvent, StartEvent } from '../journal/event.ts';
import type { SiteTables } from './hook-contract.ts';
import type { Realm } from './realm.ts';
import type { SessionSink } from './session-sink.ts';

/** A call that has been issued and has not ended. */
export interface InflightCall {
  /** Number of the call in its session. */
  readonly id: number;
  /** Name in the journal, such as `node:fs.readFile` or `web-1: ops.ts#upgrade`. */
  readonly fn: string;
  /** Place of the call, `file:line`; absent for calls that no hook saw. */
  readonly at?: string | undefined;
  /** Milliseconds since the epoch when it was issued. */
  readonly sinceMs: number;
  /** Whether it really runs now: false while its intent is on its way to the disk, and for timers. */
  readonly running: boolean;
  /** When a timer is due, in milliseconds since the epoch; absent for calls. */
  readonly dueMs?: number | undefined;
}

/** What the screen and the log are told. Must not throw. Nothing is told of calls that replay answers. */
export interface SessionObserver {
  onCall?(call: InflightCall): void;
  onDone?(call: InflightCall, how: 'ok' | 'error'): void;
  /** A synchronous call was made and recorded. */
  onSync?(call: Omit<InflightCall, 'running'>, how: 'ok' | 'error'): void;
  /** Replay has caught up: everything from here on is new. `events` counts what was replayed. */
  onCaughtUp?(events: number): void;
  /** Something that does not stop the session but that its author should know. One sentence. */
  onWarning?(text: string): void;
}

/** Everything a session needs from outside. */
export interface SessionOptions {
  readonly id: string;
  readonly start: StartEvent;
  /** Events after the start event, as recorded; replayed first. A leading start event is skipped. */
  readonly history: readonly JournalEvent[];
  readonly sink: SessionSink;
  /** What all sessions of this process share: classification, packages, the async context. */
  readonly realm: Realm;
  readonly turn: Turn;
  /** The real clock: when events happen and when timers fire. What the program sees follows the journal. */
  readonly clock: Clock;
  /** Call sites of the build's files. */
  readonly sites: SiteTables;
  /** The session's own copy of the environment; the program reads and writes this object as process.env. */
  readonly env: Record<string, string>;
  /** Folder the session runs in. */
  readonly folder: string;
  /** A class of this session by name, for errors and records that come back; `file` is where it was defined, when known. */
  readonly classNamed?: ((name: string, file?: string) => unknown) | undefined;
  readonly observer?: SessionObserver | undefined;
  /** Arguments that differ from the recorded ones end the session (`check` and tests); otherwise they are a warning. Default false. */
  readonly strictArguments?: boolean | undefined;
  /** How long replay waits for a call that the journal expects next. Default 2,000 ms: packages may hop over real macrotasks. */
  readonly patienceMs?: number | undefined;
  /** Largest recorded value or argument list, in bytes. Default 16 MiB. */
  readonly maxValueBytes?: number | undefined;
  /** Called inside a synchronous call while the session is parked. Must not return in a real runner: the call would be made. */
  readonly onParkedInSync?: (() => void) | undefined;
  /** Told when a synchronous effect begins and when it has ended, for the list of what was under way when the process ended. */
  readonly onSyncEffect?: ((fn: string | undefined) => void) | undefined;
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
