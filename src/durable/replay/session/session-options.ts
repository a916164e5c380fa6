import type { Clock } from '../../../base/seams/clock.ts';
import type { Turn } from '../../../base/seams/turn.ts';
import type { JournalEvent, StartEvent } from '../../journal/events/event.ts';
import type { SiteTables } from '../calls/hook-contract.ts';
import type { Realm } from './realm.ts';
import type { SessionObserver } from './session-report.ts';
import type { SessionSink } from './session-sink.ts';

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
  /** The hash by which a Secret counts among the arguments of a call. Default: all Secrets count alike. */
  readonly secretHash?: ((text: string) => string) | undefined;
  readonly observer?: SessionObserver | undefined;
  /** Arguments and printed text that differ from the recorded ones end the session (replays and checks); otherwise they are a warning. Default false. */
  readonly strict?: boolean | undefined;
  /** Whether the code that runs is another one than the recorded one: what a divergence says of its reason depends on it. Default false. */
  readonly isOtherBuild?: boolean | undefined;
  /** Whether calls that may run at most once and whose outcome is unknown are made once more. Default false: they give OUTCOME_UNKNOWN. */
  readonly repeatUnknown?: boolean | undefined;
  /** How long replay waits for a call that the journal expects next. Default 2,000 ms: packages may hop over real macrotasks. */
  readonly patienceMs?: number | undefined;
  /** Largest recorded value or argument list, in bytes. Default 16 MiB. */
  readonly maxValueBytes?: number | undefined;
  /** Called once, before the program does anything that is not in its history. Does not return where a session is only replayed. */
  readonly onLive?: (() => void) | undefined;
  /** Whether whoever reads what the program prints is far behind: nothing new is given to it meanwhile, as a write that blocks would do. */
  readonly isOutputFull?: (() => boolean) | undefined;
  /** Called inside a synchronous call while the session is parked. Must not return in a real runner: the call would be made. */
  readonly onParkedInSync?: (() => void) | undefined;
  /** Told when a synchronous effect begins and when it has ended, for the list of what was under way when the process ended. */
  readonly onSyncEffect?: ((fn: string | undefined) => void) | undefined;
}
