import type { ActivityInfo, Recorder } from '../../../base/recorder.ts';
import type { SignalEvent } from '../../journal/event.ts';
import type { Hook } from '../calls/hook-contract.ts';
import type { InflightCall, Parking, SessionOutcome } from './session-report.ts';

/** Whose code runs: the store of the realm's async context. */
export type Scope =
  /** Code of the program. `load`: the top level of its modules, whose calls are made and not recorded. */
  | { readonly kind: 'session'; readonly session: Session; readonly load: boolean }
  /** Code of a call to the outside: real clock, timers and chance, but the session's environment and folder. */
  | { readonly kind: 'activity'; readonly session: Session; readonly info: ActivityInfo };

/** A timer of the program. */
export interface SessionTimer {
  readonly id: number;
  /** Resolves when it fires; never when it was cleared. Rejects with SESSION_CANCELLED. */
  readonly fired: Promise<void>;
  clear(): void;
}

/** One call to the outside that a patched global or an `own` function makes. */
export interface OutsideCall<T> {
  readonly fn: string;
  readonly args: readonly unknown[];
  /** Where; the site of the `own` call that runs now when absent. */
  readonly site?: { readonly id: string; readonly file: string; readonly line: number; readonly column: number } | undefined;
  readonly atMostOnce?: boolean | undefined;
  run(key: string, signal: AbortSignal): Promise<T>;
}

/** What the program sees instead of the machine's clock and chance. */
export interface SessionWorld {
  /** Milliseconds since the epoch of the last event the program observed; moves by 1 ms per 1,000 reads, so that a busy wait ends. */
  nowMs(): number;
  /** Milliseconds since the session started, as `nowMs`. */
  sinceStartMs(): number;
  /** From 0 (in) to 1 (out). */
  fraction(): number;
  /** Fills with bytes that depend on the session's seed alone. */
  fill(bytes: Uint8Array): void;
  /** A durable timer. */
  timer(ms: number): SessionTimer;
  /** Runs `run` in a turn of its own, before the next completion. Gives the function that takes it back. */
  immediate(run: () => void): () => void;
  /** Makes a call, once over all processes of the session; the result is what the journal holds. */
  call<T>(call: OutsideCall<T>): Promise<T>;
  /** Makes a synchronous call, recorded. `effect` false: a read, which waits for nothing. */
  callSync<T>(fn: string, args: readonly unknown[], effect: boolean, run: () => T): T;
}

/** One durable execution in this process. */
export interface Session {
  readonly id: string;
  readonly buildId: string;
  /** What transformed code of this session calls. */
  readonly hook: Hook;
  readonly world: SessionWorld;
  /** The program's environment, an object of its own. */
  readonly env: Record<string, string>;
  /** The program's folder; `process.chdir` sets it. */
  folder: string;
  /** What the program sees in `process.argv` from 2 on. */
  readonly argv: readonly string[];
  /** Whether what happens now happened before, in a process that is gone: console output was shown then. */
  readonly replaying: boolean;
  /** Whether calls are recorded: from `run` to the end. */
  readonly open: boolean;
  /** What `own` functions see. Set by the runner before `run`. */
  recorder: Recorder | undefined;

  /**
   * Runs the program: loads its modules and calls its entry inside `main`. Resolves once the `end` event is on disk.
   * @throws ResproutError JOURNAL_DIVERGED when the program does not repeat its history (nothing is appended then)
   */
  run(main: () => unknown): Promise<SessionOutcome>;
  /** Something from outside: appended, committed, then seen by `onSignal`. */
  signal(name: string, value: unknown): void;
  /** Who is told of signals. */
  onSignal: ((event: SignalEvent, value: unknown) => void) | undefined;
  /** From now on no call starts and nothing is delivered; results of running calls are still recorded. */
  park(): Parking;
  /** Pending calls reject with SESSION_CANCELLED, signals of activities abort; `finally` blocks run and may call. Twice is fine. */
  cancel(): void;
  /** Ends the program with an error that nobody caught: an unhandled rejection, an exception in a callback. */
  crash(error: unknown): void;
  /** Ends the program as `process.exit` does. Never returns to it. */
  exit(code: number): never;
  /** Calls that are issued and not ended, oldest first. */
  inflight(): readonly InflightCall[];
  /** Runs `run` as code of the program. */
  enter<T>(run: () => T): T;
  /** Drops the session: timers are cleared, nothing is appended or delivered any more. The journal stays as it is. */
  close(): void;
}
