import type { Site } from '../../../base/site.ts';
import type { HookSite } from './hook-contract.ts';
import type { LiveInfo } from '../live/live-objects.ts';

/** The live object a call is made on. */
export interface Receiver {
  readonly value: object;
  readonly info: LiveInfo;
  /** Name of the method, for closers and messages. */
  readonly method: string;
  /** The same call on the real object behind a stand-in. */
  invoke(real: object, args: readonly unknown[]): unknown;
}

/** One call that leaves the program. */
export interface CallSpec {
  /** Name in the journal. */
  readonly fn: string;
  /** Name of the far context that it goes to. */
  readonly context?: string | undefined;
  readonly site: Site;
  /** As the program gave them; functions of the program become channels when `channels` is set. */
  readonly args: readonly unknown[];
  /**
   * `async`: known to return a promise, so it starts after the group commit. `sync`: never waits. `unknown`: executed at once, its result
   * tells. `construct`: the result is a live object whatever it looks like.
   */
  readonly mode: 'async' | 'sync' | 'unknown' | 'construct';
  /** Whether a thenable that is no promise is waited for: the call is awaited at once. */
  readonly awaited: boolean;
  /** False for calls that only look. */
  readonly effect: boolean;
  readonly atMostOnce: boolean;
  /** Whether a live object may be the result. */
  readonly liveAllowed: boolean;
  /** Package or builtin it belongs to; empty when unknown. */
  readonly module: string;
  readonly receiver?: Receiver | undefined;
  /**
   * A step of an iteration: going on with a half-read source is never silent. `chunk`: one of several steps that the program saw as one,
   * so the next one may follow after a crash when no other call came between.
   */
  readonly step: false | 'single' | 'chunk';
  readonly channels: boolean;
  /**
   * The program gave a function that is called with the outcome, as Node calls it: from the delivery itself, before any microtask. Without
   * one it waits on a promise.
   */
  readonly callback?: ((error: unknown, value: unknown) => void) | undefined;
  /** Called before it is made again, its outcome being unknown after a crash. What it throws is the outcome then. */
  readonly again?: (() => void) | undefined;
  /** Makes the call. */
  run(args: readonly unknown[], key: string, signal: AbortSignal): unknown;
}

/** Where calls stand that no hook saw: made by packages, by `own` functions called straight, by globals. */
export const noSite = (id: string): Site => ({ id, file: '', line: 0, column: 0 });

/** A site as events hold it. */
export function siteOf(site: HookSite): Site {
  const { id, file, line, column } = site.info;
  return { id, file, line, column };
}
