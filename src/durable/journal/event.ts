// The events of a journal. Every event belongs to one session and has a number there (its place, from 0); only the runner numbers them.
// What replay can see changes only behind a numbered behaviour (behaviours.ts).

/** Version of this union, part of every start event. */
export const JOURNAL_VERSION = 1;

/** Place of a call in the program, stable under edits elsewhere; line and column are for messages only. */
export interface EventSite {
  readonly id: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/**
 * How a call ended. `value`: bytes of the value codec with the journal's extensions. `live`: the result is a live object, made again on
 * replay by running the call again (sync and construct) or lazily at its first unrecorded use (async).
 */
export type Outcome =
  | { readonly kind: 'value'; readonly bytes: Uint8Array }
  | { readonly kind: 'error'; readonly bytes: Uint8Array }
  | { readonly kind: 'live'; readonly className: string };

/** What starts a session: everything a resume needs. No environment values: only a keyed hash per name. */
export interface StartEvent {
  readonly t: 'start';
  readonly version: number;
  readonly atMs: number;
  readonly session: string;
  /** 32 bytes: the key of the session's random numbers. */
  readonly seed: Uint8Array;
  readonly build: string;
  /** Absolute path of the program file, the export that runs, and the folder it runs in. */
  readonly file: string;
  readonly exportName: string;
  readonly folder: string;
  /** Text after `--`, seen as process.argv.slice(2). */
  readonly argv: readonly string[];
  /** The event object's data, in bytes of the value codec. */
  readonly data: Uint8Array;
  /** Environment names to a hash keyed by the store's key file. */
  readonly envHashes: Readonly<Record<string, string>>;
  /** Numbered behaviours that are on for this session. */
  readonly behaviours: readonly number[];
}

/** An asynchronous call was issued. `id` counts calls, syncs and timers of the session in issue order, from 0. */
export interface CallEvent {
  readonly t: 'call';
  readonly id: number;
  readonly fn: string;
  readonly site: EventSite;
  readonly argsHash: string;
  readonly atMs: number;
  /** The intent was made durable before the call ran and the call is never repeated. */
  readonly atMostOnce?: true | undefined;
}

/** A synchronous call with its result. */
export interface SyncEvent {
  readonly t: 'sync';
  readonly id: number;
  readonly fn: string;
  readonly site: EventSite;
  readonly argsHash: string;
  readonly atMs: number;
  readonly outcome: Outcome;
}

/** A durable timer was set. It fires as `done`. */
export interface TimerEvent {
  readonly t: 'timer';
  readonly id: number;
  readonly site: EventSite;
  readonly dueMs: number;
  readonly atMs: number;
}

/** An asynchronous call or timer ended. Delivered in this order, one per macrotask. */
export interface DoneEvent {
  readonly t: 'done';
  readonly id: number;
  readonly atMs: number;
  readonly outcome: Outcome;
}

/** A callback given to a builtin was called: `index`-th time, with these arguments. */
export interface CallbackEvent {
  readonly t: 'cb';
  readonly id: number;
  readonly index: number;
  readonly atMs: number;
  readonly args: Uint8Array;
}

/** Something came from outside through the owner. */
export interface SignalEvent {
  readonly t: 'signal';
  readonly name: string;
  readonly value: Uint8Array;
  readonly atMs: number;
}

/** The session was asked to cancel. Pending calls reject with SESSION_CANCELLED from here on. */
export interface CancelEvent {
  readonly t: 'cancel';
  readonly atMs: number;
}

/** From here on the session runs another build (`resume --build` went through). */
export interface BuildEvent {
  readonly t: 'build';
  readonly build: string;
  readonly atMs: number;
}

/** The session ended. Replay stops exactly here. */
export interface EndEvent {
  readonly t: 'end';
  readonly atMs: number;
  readonly how: 'done' | 'failed' | 'cancelled';
  /** The returned value or the thrown error, in bytes of the value codec. */
  readonly bytes: Uint8Array;
  /** Set when the program called process.exit. */
  readonly exitCode?: number | undefined;
  /** Labels of calls that nobody awaited and that were dropped. */
  readonly dropped: readonly string[];
  /** Why finally blocks did not run, when they did not. */
  readonly note?: string | undefined;
}

/** All events. */
export type JournalEvent =
  | StartEvent
  | CallEvent
  | SyncEvent
  | TimerEvent
  | DoneEvent
  | CallbackEvent
  | SignalEvent
  | CancelEvent
  | BuildEvent
  | EndEvent;
