import type { ResproutError } from '../base/errors/errors.ts';
import type { JournalStore } from '../durable/journal/journal-store.ts';
import type { Ask } from '../remote/connect/questions/ask.ts';
import type { KnownSecrets } from '../platform/secrets/known-secrets.ts';
import type { RunControl } from './run-control.ts';
import type { RunObserver, UnfinishedCall } from './run-observer.ts';
import type { SpawnedRunner } from './runner-process.ts';

/** Where bytes of the program go. Node's own streams fit. */
export interface ByteOutput {
  /** Takes a piece; false: wait for `drain`, or for `close` or `error`, after which nothing is written any more. */
  write(bytes: Uint8Array): boolean;
  once(event: 'drain' | 'close' | 'error', listener: () => void): unknown;
  /** Whether nobody takes anything any more: the rest is dropped. */
  readonly destroyed?: boolean | undefined;
}

/** What every way of running a session needs. */
export interface SessionOptions {
  /** Folder of the store, absolute; made when it is missing. */
  readonly storeFolder: string;
  /** The whole environment of the program, such as `process.env`. Values are never written anywhere. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Text of the command line, for other commands that meet this owner: `resprout run deploy.ts`. */
  readonly command: string;
  /** How long calls in flight may go on after a park or cancel request, and finally blocks after a cancel. Default 5,000 ms. */
  readonly graceMs?: number | undefined;
  /** A session that only waits for a timer this far away or farther parks instead (`--park` gives 0). Never by default. */
  readonly parkOnSleepMs?: number | undefined;
  /** Park and cancel requests of the caller. Requests of other processes arrive through the owner's socket. */
  readonly control?: RunControl | undefined;
  readonly observer?: RunObserver | undefined;
  /** The program's stdout and stderr, byte for byte. Without it they are read and dropped. */
  readonly output?: { readonly stdout: ByteOutput; readonly stderr: ByteOutput } | undefined;
  /**
   * Texts that are not shown: neither on `output`, nor in lines of far contexts, nor in what the store keeps for lists and `resprout logs`. Those of the
   * settings and the Secrets that the program makes are added. Default: these alone. What the program returns or throws is given as it is.
   */
  readonly secrets?: KnownSecrets | undefined;
  /** Answers prompts of connections; undefined as answer: refused. Without it every question fails with REMOTE_AUTH_NEEDED. */
  readonly ask?: Ask | undefined;
  /** Wraps the opened journal; the kill sweep puts `stopAfterEvent` here. */
  readonly wrapStore?: ((store: JournalStore) => JournalStore | Promise<JournalStore>) | undefined;
  /** The runner that was started before the arguments were parsed. Without it one is started now. */
  readonly spawnedRunner?: SpawnedRunner | undefined;
  /** Path of the Node that runs the program when no runner is given. Default: the one that runs this process. */
  readonly runnerNode?: string | undefined;
  /** Make calls that may run at most once and whose outcome is unknown once more. Default false: they give OUTCOME_UNKNOWN to the program. */
  readonly repeatUnknown?: boolean | undefined;
}

/** A new session. */
export interface RunOptions extends SessionOptions {
  /** Absolute path of the program file. */
  readonly file: string;
  /** Default: `default`, else `main`, else none: the body of the file is the program. */
  readonly exportName?: string | undefined;
  /** The event's `data`: any value that the value codec takes, as parsed from `--data`. */
  readonly data?: unknown;
  /** Text after `--`. */
  readonly argv?: readonly string[] | undefined;
  /** Folder the program runs in, absolute. */
  readonly folder: string;
  /** Default: a new one. @throws SESSION_ENDED or SESSION_HELD when the store has a session of this id. */
  readonly sessionId?: string | undefined;
}

/** Goes on with a session that was parked or whose owner died, or with `retry` with one that failed. */
export interface ResumeOptions extends SessionOptions {
  readonly sessionId: string;
  /** Absolute path: replay against today's code of this file first, then go on with it. */
  readonly buildFile?: string | undefined;
  /** Raise the epoch and fence an owner that is alive instead of SESSION_HELD. */
  readonly takeOver?: boolean | undefined;
  /** A session that failed goes on from the call that failed, which is made again. One that has not ended is resumed. */
  readonly retry?: boolean | undefined;
  /** Number of an event: it and what came after it is void, and the program goes on from there, however the session stands. */
  readonly from?: number | undefined;
}

/** A full replay: nothing is appended, opened or called. */
export interface ReplayOptions extends SessionOptions {
  readonly sessionId: string;
  /** Absolute path: replay against today's code of this file instead of the recorded build. */
  readonly buildFile?: string | undefined;
}

export interface CancelOptions extends SessionOptions {
  readonly sessionId: string;
  /** Take the session from an owner that is alive, which is fenced, instead of asking it. Default false. */
  readonly takeOver?: boolean | undefined;
}

/** How a program failed. */
export interface SessionFailure {
  readonly name: string;
  readonly message: string;
  readonly code?: string | undefined;
  readonly stack?: string | undefined;
  /** The decoded error with its own fields and causes; not an instance of the user's classes. */
  readonly error: unknown;
}

/** How a run ended. */
export interface RunResult {
  readonly sessionId: string;
  /** `lost`: runner, store or ownership was lost; the session can be resumed. */
  readonly state: 'done' | 'failed' | 'cancelled' | 'parked' | 'lost';
  /** The value that the program returned, decoded; only for `done`. */
  readonly value?: unknown;
  /** The same in bytes of the value codec. */
  readonly valueBytes?: Uint8Array | undefined;
  /** Only for `failed` and `cancelled`. */
  readonly failure?: SessionFailure | undefined;
  /** Only for `lost`: RUNNER_LOST, STORE_IO, SESSION_FENCED, JOURNAL_DIVERGED. */
  readonly problem?: ResproutError | undefined;
  /** 0 done, 1 failed or cancelled, 3 parked, 4 lost, or what the program gave to process.exit. */
  readonly exitCode: number;
  /** Calls that had no result when the session parked; they are issued again at resume. */
  readonly unfinished: readonly UnfinishedCall[];
  /** Labels of calls that nobody awaited and that were dropped when the program returned. */
  readonly dropped: readonly string[];
  /** Events in the journal now, and how many of them replay went through. */
  readonly events: number;
  readonly replayed: number;
  /** Time at which the session waits to go on, when it parked because of a timer. */
  readonly dueMs?: number | undefined;
  /** Why finally blocks did not run, when they did not. */
  readonly note?: string | undefined;
}
