import type { ActivityInfo, Recorder } from '../../../base/recorder.ts';
import type { Site } from '../../../base/site.ts';
import type { SignalEvent } from '../../journal/events/event.ts';
import type { Hook } from '../calls/hook-contract.ts';
import type { Conversation } from '../objects/conversation.ts';
import type { ConversationOptions } from '../objects/local-half.ts';
import type { ProcessEvents } from './process-events.ts';
import type { InflightCall, Parking, SessionOutcome } from './session-report.ts';

/** Whose code runs: the store of the realm's async context. */
export type Scope =
  /** Code of the program, the bodies of its modules included. */
  | { readonly kind: 'session'; readonly session: Session }
  /** A package that loads: its calls are made and not recorded, its clock stands and its chance is its own. */
  | { readonly kind: 'load'; readonly session: Session; readonly world: LoadWorld; readonly how: LoadHow }
  /** Code of a call to the outside: real clock, timers and chance, but the session's environment and folder. */
  | { readonly kind: 'activity'; readonly session: Session; readonly info: ActivityInfo };

/** How a package is loaded. */
export interface LoadHow {
  /** Whether it runs inline: a timer that it starts never fires, since no replay could repeat when. */
  readonly isInline: boolean;
  /** Whether the program loads it while it runs, and not before. */
  readonly isLate: boolean;
}

/** What a package sees of clock and chance while it loads: the same in every process of a session. */
export type LoadWorld = Pick<SessionWorld, 'nowMs' | 'sinceStartMs' | 'fraction' | 'fill'>;

/** A timer of the program. */
export interface SessionTimer {
  readonly id: number;
  /** Resolves when it fires; never when it was cleared. Rejects with SESSION_CANCELLED. Never settles for one that has `fire`. */
  readonly fired: Promise<void>;
  clear(): void;
  /** Whether it keeps a program without an entry alive. */
  setRef(isRef: boolean): void;
}

/** A function that runs in a turn of its own. */
export interface SessionImmediate {
  clear(): void;
  setRef(isRef: boolean): void;
}

/** One call to the outside that a patched global or an `own` function makes. */
export interface OutsideCall<T> {
  readonly fn: string;
  /** Name of the far context that it goes to. */
  readonly context?: string | undefined;
  readonly args: readonly unknown[];
  /** Where; the site of the `own` call that runs now when absent. */
  readonly site?: Site | undefined;
  readonly atMostOnce?: boolean | undefined;
  /** False for a call that only looks: it does not wait for its own intent to be on disk. */
  readonly effect?: boolean | undefined;
  /** Called before it is made again, its outcome being unknown after a crash. What it throws is the outcome then. */
  readonly again?: (() => void) | undefined;
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
  /** A durable timer. @param fire called from the delivery itself when it fires, not by way of a promise */
  timer(ms: number, fire?: () => void): SessionTimer;
  /** Runs `run` in a turn of its own, before the next completion. Gives what takes it back. */
  immediate(run: () => void): SessionImmediate;
  /** What the program waits for by itself and is kept alive by. */
  held(): { readonly timers: number; readonly immediates: number };
  /** Makes a call, once over all processes of the session; the result is what the journal holds. */
  call<T>(call: OutsideCall<T>): Promise<T>;
  /** As `call`, and its outcome is given to a function of the program, as Node gives it: not by way of a promise. */
  callBack<T>(call: OutsideCall<T>, callback: (error: unknown, value: T) => void): void;
  /** Makes a synchronous call, recorded. `effect` false: a read, which waits for nothing. */
  callSync<T>(fn: string, args: readonly unknown[], effect: boolean, run: () => T): T;
  /** Runs `run` outside of the session before the program does anything new, at once when it has; never where it is only replayed. */
  whenLive(run: () => void): void;
  /** Runs `run` outside of the session once all that listens is there again after a crash, at once when it is; never where it is only replayed. */
  whenAwake(run: () => void): void;
  /** Something that the program holds and that has a half outside. */
  conversation(options: ConversationOptions): Conversation;
  /**
   * Work of other threads that is a function of its input: done again on replay, only its place in the order is recorded.
   * @param start begins it, outside of the session; calls its argument once @param take gets what that was given
   */
  hop<T>(start: (done: (value: T) => void) => void, take: (value: T) => void): void;
  /** Notes what the program prints. @returns whether it is to be shown: not what an earlier process has shown */
  print(text: Uint8Array | string): boolean;
  /** Tells whoever watches the session. */
  note(text: string): void;
  /** Place of the call of the program that runs now, or of its last one. */
  site(otherwise: string): Site;
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

  /** Listeners of the program on `process`. Set by the runner before `run`. */
  processEvents: ProcessEvents;

  /**
   * Runs the program: loads its modules and calls its entry inside `main`. Resolves once the `end` event is on disk.
   * @param how `isScript`: there is no entry, the modules are the program, and it ends when nothing is left that could call it
   * @throws ResproutError JOURNAL_DIVERGED when the program does not repeat its history (nothing is appended then)
   */
  run(main: () => unknown, how?: { readonly isScript?: boolean }): Promise<SessionOutcome>;
  /** Something from outside: appended, committed, then seen by `onSignal`. */
  signal(name: string, value: unknown): void;
  /** Who is told of signals. */
  onSignal: ((event: SignalEvent, value: unknown) => void) | undefined;
  /** From now on no call starts and nothing is delivered; results of running calls are still recorded. */
  park(): Parking;
  /** Pending calls reject with SESSION_CANCELLED, signals of activities abort; `finally` blocks run and may call. Twice is fine. */
  cancel(): void;
  /** An error that nobody caught: the program's own handlers decide, else it ends the program. @param promise of a rejection */
  crash(error: unknown, how?: 'uncaughtException' | 'unhandledRejection', promise?: unknown): void;
  /** Ends the program as `process.exit` does. Never returns to it. @param code `process.exitCode` when absent */
  exit(code?: number): never;
  /** Ends the program where it stands; no listener hears of it. Never returns to it. @param how what ended it, as a sentence */
  stop(code: number, how: string): never;
  /** `process.exit` inside a call to the outside: the call is recorded as one that ended the program. Never returns to it. */
  exitFrom(info: ActivityInfo, code: number): never;
  /** Calls that are issued and not ended, oldest first. */
  inflight(): readonly InflightCall[];
  /** Loads a package: nothing in it is recorded, its clock stands and its chance is its own. @param target its file, or what is asked for */
  load<T>(target: string, run: () => T): T;
  /** Stops the session without an end: its journal stays as it is. What it throws into the program cannot be caught for good. */
  fail(error: unknown): Error;
  /** Runs `run` as code of the program. What it throws counts as uncaught. */
  enter<T>(run: () => T): T;
  /** Drops the session: timers are cleared, nothing is appended or delivered any more. The journal stays as it is. */
  close(): void;
}
