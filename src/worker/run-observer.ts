import type { LogLine } from '../base/seams/log.ts';
import type { ResproutError } from '../base/errors/errors.ts';
import type { Site } from '../base/site.ts';
import type { JournalEvent } from '../durable/journal/events/event.ts';

/** A call that was under way when the session parked, with the place it was made at. */
export interface UnfinishedCall {
  /** Number of the call in the session; -1 for a synchronous call, which has none until it returns. */
  readonly id: number;
  /** Such as `ops.ts#upgrade` or `fetch`. */
  readonly label: string;
  /** Name of the far context that it goes to. */
  readonly context?: string | undefined;
  /** Absent when the call was made by package code or is synchronous. */
  readonly site?: Site | undefined;
}

/** What a run tells while it goes on, in order. `atMs` is wall time. */
export type RunEvent =
  | { readonly type: 'building'; readonly file: string }
  | { readonly type: 'built'; readonly build: string; readonly files: number; readonly tookMs: number }
  /** The journal is open and START is on its way. `recorded`: events that replay goes through first. */
  | { readonly type: 'starting'; readonly sessionId: string; readonly recorded: number }
  /** The session goes on from an earlier point. */
  | {
      readonly type: 'rewound';
      /** Number of the first event that is void. */
      readonly to: number;
      /** The call that is made again; undefined when the failure was the program's own. */
      readonly call?: { readonly label: string; readonly context?: string | undefined; readonly site: Site } | undefined;
      /** Calls that were under way at the point and have no result: they are made again too, with the keys they had. */
      readonly otherCalls: number;
      /** Results after the point: kept ones of calls that were under way there, and void ones, whose calls are made again where the program comes by them. */
      readonly keptResults: number;
      readonly voidResults: number;
    }
  /** The program's own code runs. */
  | { readonly type: 'started'; readonly sessionId: string; readonly runnerPid: number }
  /** Replay has gone through everything recorded: what comes now is new. Not told for a new session. */
  | { readonly type: 'caught-up'; readonly recorded: number }
  /** An asynchronous call was issued; its intent is on disk. `context`: name of the far context when it is a remote call. */
  | {
      readonly type: 'call-started';
      readonly id: number;
      readonly label: string;
      readonly context?: string | undefined;
      readonly site: Site;
      readonly atMs: number;
    }
  /** An asynchronous call ended and its result is on disk. */
  | {
      readonly type: 'call-ended';
      readonly id: number;
      readonly label: string;
      readonly context?: string | undefined;
      readonly ok: boolean;
      readonly tookMs: number;
    }
  /** A synchronous call was made and its result is on disk. */
  | { readonly type: 'sync'; readonly id: number; readonly label: string; readonly ok: boolean; readonly site: Site }
  /** A timer of the program was made. */
  | { readonly type: 'sleeping'; readonly id: number; readonly atMs: number; readonly untilMs: number; readonly site: Site }
  | { readonly type: 'woke'; readonly id: number }
  /** A line of a far context. */
  | { readonly type: 'log'; readonly line: LogLine }
  /** Something that the user should know and that does not stop the run: ENV_CHANGED, BUILD_PACKAGES_CHANGED. */
  | { readonly type: 'warning'; readonly error: ResproutError }
  /** The disk of the store is full: nothing is answered until there is space, for a minute at most. */
  | { readonly type: 'space-awaited'; readonly freeBytes: number; readonly neededBytes: number }
  | { readonly type: 'space-found'; readonly waitedMs: number }
  /** Something that the program's author should know, in one sentence. */
  | { readonly type: 'note'; readonly text: string }
  /** The program reads from the terminal now, or does not any more. `isRaw`: it gets every key, and the terminal shows none by itself. */
  | { readonly type: 'terminal'; readonly isOpen: boolean; readonly isRaw: boolean }
  /** The session runs its recorded build while these files differ on disk now. Paths relative to the project. */
  | { readonly type: 'files-differ'; readonly build: string; readonly files: readonly string[] }
  | { readonly type: 'parking'; readonly graceMs: number }
  | { readonly type: 'cancelling'; readonly graceMs: number }
  | { readonly type: 'parked'; readonly unfinished: readonly UnfinishedCall[] }
  | { readonly type: 'ended'; readonly how: 'done' | 'failed' | 'cancelled' };

/** Who watches a run: the screen, `--verbose`, a worker. */
export interface RunObserver {
  /** Must not throw and must not block. */
  on(event: RunEvent): void;
  /** Every event of the journal after its commit, recorded ones left out. Costs a decode per event: leave it out when unused. */
  onJournal?(seq: number, event: JournalEvent): void;
}
