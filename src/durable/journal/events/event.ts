// The events of a journal. Every event belongs to one session and has a number there (its place, from 0); only the runner numbers them.
// Two families: issues, what the program does (call, sync, timer, open, effect), and deliveries, what it is given (done, event, hop, cb,
// signal, cancel, end). Each issue says how many deliveries the program had been given when it did it; that is the order a replay keeps,
// since issues are appended when they are made and deliveries when they arrive. Events of neither family (start, build, rewind, fork, given)
// are the owner's; history.ts says what is left of the others after them.
import type { Site } from '../../../base/site.ts';

/**
 * Version of this union, part of every start event. A kind whose fields change gets a new number (event-record.ts), so that each version is
 * read by its own table.
 */
export const JOURNAL_VERSION = 3;

/** The oldest version that a session can go on with. Version 3 only added kinds: rewind, fork, given. */
export const RESUMABLE_VERSION = 2;

/**
 * How a call ended. `value`: bytes of the value codec with the journal's extensions. `live`: the result is a live object, made again at its
 * first unrecorded use.
 */
export type Outcome =
  | { readonly kind: 'value'; readonly bytes: Uint8Array }
  | { readonly kind: 'error'; readonly bytes: Uint8Array }
  /** `isReceiver`: it is the very object that the call was made on. */
  | { readonly kind: 'live'; readonly className: string; readonly isReceiver?: true | undefined };

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
}

/** What every issue has. */
interface Issue {
  /** Counts the issues of a session in the order in which the program made them, from 0. A number that a rewind made void is not used again. */
  readonly id: number;
  /** How many deliveries the program had been given. */
  readonly delivered: number;
  /** Hash of what the program printed since its last issue; absent when it printed nothing. */
  readonly printed?: number | undefined;
}

/** An asynchronous call was issued. */
export interface CallEvent extends Issue {
  readonly t: 'call';
  readonly fn: string;
  /** Name of the far context that it goes to; absent for a call in the program's own process. */
  readonly context?: string | undefined;
  readonly site: Site;
  readonly argsHash: string;
  readonly atMs: number;
  /** The intent was made durable before the call ran and the call is never repeated. */
  readonly atMostOnce?: true | undefined;
}

/** A synchronous call with its result. */
export interface SyncEvent extends Issue {
  readonly t: 'sync';
  readonly fn: string;
  readonly site: Site;
  readonly argsHash: string;
  readonly atMs: number;
  readonly outcome: Outcome;
}

/** A durable timer was set. It fires as `done`. */
export interface TimerEvent extends Issue {
  readonly t: 'timer';
  readonly site: Site;
  readonly dueMs: number;
  readonly atMs: number;
}

/**
 * A conversation was opened: a child process, a socket, a server. `object` counts what the program holds that has a half outside, in the
 * order in which the program met it, from 1.
 */
export interface OpenEvent extends Issue {
  readonly t: 'open';
  readonly object: number;
  readonly fn: string;
  readonly site: Site;
  readonly argsHash: string;
  readonly atMs: number;
  /** What the program could read of it at once, such as a process id; absent when it is opened after the commit of this event. */
  readonly facts?: Uint8Array | undefined;
}

/** The program did something to such an object: wrote, ended, killed. It leaves after the commit of this event. */
export interface EffectEvent extends Issue {
  readonly t: 'effect';
  readonly object: number;
  readonly name: string;
  /** Bytes that left with it; 0 when it carries none. */
  readonly size: number;
  readonly atMs: number;
}

/** An asynchronous call or timer ended. Delivered in this order, one per macrotask. */
export interface DoneEvent {
  readonly t: 'done';
  readonly id: number;
  readonly atMs: number;
  readonly outcome: Outcome;
}

/** Something happened to an object outside: data came, it ended, it failed. */
export interface ObjectEvent {
  readonly t: 'event';
  readonly object: number;
  readonly name: string;
  readonly atMs: number;
  /** Bytes of the value codec. */
  readonly value: Uint8Array;
}

/** Work that is a function of its input has ended on another thread. Its value is made again on replay; its place in the order is this. */
export interface HopEvent {
  readonly t: 'hop';
  readonly object: number;
  readonly atMs: number;
}

/** A function of the program that was given to a call was called: the `index`-th function among its arguments, with these arguments. */
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
  /** Set when the program ended with a code of its own. */
  readonly exitCode?: number | undefined;
  /** Labels of calls that nobody awaited and that were dropped. */
  readonly dropped: readonly string[];
  /** Why finally blocks did not run, when they did not. */
  readonly note?: string | undefined;
  /** The issue whose error ended the program; absent when the error is the program's own. */
  readonly fromCall?: number | undefined;
  /** Hash of what the program printed since its last issue; absent when it printed nothing. */
  readonly printed?: number | undefined;
}

/**
 * The session goes on from an earlier point: the event numbered `to`, and everything that the program did or was given after it, is void. Void
 * events stay in the journal for people, and no replay sees them.
 */
export interface RewindEvent {
  readonly t: 'rewind';
  readonly atMs: number;
  /** Number of an issue or a delivery. */
  readonly to: number;
  /** Numbers of events behind the point that count all the same: results of calls that were under way there. Ascending. */
  readonly kept: readonly number[];
  /** Issue numbers of timers that begin anew, with their whole length, at the time of this event. */
  readonly timers: readonly number[];
}

/** What stands before it was copied from another session; behind it begins what is this session's own. */
export interface ForkEvent {
  readonly t: 'fork';
  readonly atMs: number;
  /** The other session. */
  readonly from: string;
  /** The first event there that is not shared. */
  readonly at: number;
  /** How many deliveries the program had been given at that point; those behind them are results of calls that were under way. */
  readonly given: number;
}

/** A result that a person gave to a call: it stands for the call's own. */
export interface GivenEvent {
  readonly t: 'given';
  readonly id: number;
  readonly atMs: number;
  /** Bytes of the value codec. */
  readonly bytes: Uint8Array;
}

/** What the program does. */
export type IssueEvent = CallEvent | SyncEvent | TimerEvent | OpenEvent | EffectEvent;

/** What the program is given. */
export type DeliveryEvent = DoneEvent | ObjectEvent | HopEvent | CallbackEvent | SignalEvent | CancelEvent | EndEvent;

/** All events. */
export type JournalEvent = StartEvent | BuildEvent | RewindEvent | ForkEvent | GivenEvent | IssueEvent | DeliveryEvent;

/** Name of a call as messages and lists show it: `node:fs.readFile`, `web-1: ops.ts#upgrade`. */
export function shownName({ fn, context }: { readonly fn: string; readonly context?: string | undefined }): string {
  return context === undefined ? fn : `${context}: ${fn}`;
}
