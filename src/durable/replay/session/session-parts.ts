import type { ActivityInfo } from '../../../base/recorder.ts';
import type { Blame } from './blame.ts';
import type { SessionOptions } from './session-options.ts';
import type { Scope, Session } from './session-api.ts';
import type { CallSpec } from '../calls/call-spec.ts';
import type { Channels } from '../calls/callbacks.ts';
import type { IssueEvent } from '../../journal/events/event.ts';
import type { Cursor, NewIssue } from '../time/cursor.ts';
import type { JournalWriter } from '../time/journal-writer.ts';
import type { LiveInfo, LiveObjects } from '../live/live-objects.ts';
import type { OutstandingCalls } from '../time/outstanding.ts';
import type { Printed } from '../time/printed.ts';
import type { Pump } from '../time/pump.ts';
import type { Results } from '../live/results.ts';
import type { VirtualClock } from '../time/virtual-clock.ts';

/** Who waits for live objects of earlier processes. Kept by `listeners.ts`. */
export interface LiveListeners {
  /** A stand-in was made for what a call opened. */
  opened(spec: CallSpec, id: number, info: LiveInfo): void;
  /** A recorded registration on a stand-in or on a field of one. */
  registered(spec: CallSpec, id: number, args: readonly unknown[]): void;
  /** The object of this call was opened again: what listened to the old one listens to the new one. */
  reattach(id: number): void;
}

/** An issue that has its number. */
export interface Numbered {
  readonly id: number;
  /** Its record while there is one. */
  readonly recorded: IssueEvent | undefined;
  /** What its own event says of its moment. */
  readonly stamp: { readonly delivered: number; readonly printed?: number };
}

/** What the parts of one session share. Made and owned by `session.ts`. */
export interface SessionParts {
  readonly options: SessionOptions;
  readonly session: Session;
  readonly listeners: LiveListeners;
  readonly cursor: Cursor;
  readonly writer: JournalWriter;
  readonly pump: Pump;
  readonly results: Results;
  readonly live: LiveObjects;
  readonly outstanding: OutstandingCalls;
  readonly channels: Channels;
  readonly printed: Printed;
  readonly now: VirtualClock;
  /** What stops the session without an end. */
  readonly fatal: Error | undefined;
  readonly parked: boolean;
  /** Whether something other than a timer may still come: a call, an event of an object. */
  readonly isAsking: boolean;
  /** Whether calls are passed over: the program exited, or the session is closed. */
  readonly gone: boolean;
  /** Aborted when the session is cancelled or closed. */
  readonly activitySignal: AbortSignal;
  /** Numbers what the program does and compares it with its record. @throws ResproutError JOURNAL_DIVERGED, which stops the session */
  issue(issue: NewIssue): Numbered;
  /** Runs `run` once what the program listens with is there again after a crash, at once when it is. */
  whenAwake(run: () => void): void;
  /** Before a synchronous effect: everything earlier is on disk, and has left. */
  barrier(): void;
  /** Before a synchronous read: what earlier effects have done is seen. */
  beforeRead(): void;
  /** Which calls errors came from. */
  readonly blame: Blame;
  /** Runs `run` as code of the program. What it throws ends the program, unless it handles such errors. */
  enter<T>(run: () => T): T;
  /** The program threw where nobody could catch it. */
  crash(error: unknown): void;
  /** Runs `run` outside of the session, as part of no call. */
  outsideObject<T>(run: () => T): T;
  /** Set while a synchronous call runs that called `process.exit`: the code it gave. */
  askedExit: number | undefined;
  /** Stops the session without an end; gives the error back. */
  fail(error: unknown): Error;
  warn(text: string): void;
  /** Runs `run` as an activity of this session: outside of its clock, chance and recording. */
  outside<T>(info: ActivityInfo, run: () => T): T;
  readonly sessionScope: Scope;
}
