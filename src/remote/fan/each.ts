// Calls of one function on many contexts.
import { recorder } from '../../base/recorder.ts';
import { callFrames } from '../../platform/engine/call-sites.ts';
import type { CallOrigin } from '../calls/call-origin.ts';
import { checkCallOptions } from '../calls/call-limits.ts';
import type { Context } from '../contexts/context.ts';
import type { Crossed, Sendable } from '../../base/crossed.ts';
import { ownContext } from '../contexts/own-context.ts';
import { Completions } from './completions.ts';
import { fanLimits, type FanOptions } from './fan-options.ts';

/** What came of a call on one of many contexts. */
export type CallOutcome<T> =
  | { readonly context: Context; readonly ok: true; readonly value: T }
  /** What the function threw, or a REMOTE_ code: of what happened to the call or to its context. */
  | { readonly context: Context; readonly ok: false; readonly error: unknown };

export interface EachOptions extends FanOptions {
  /** Milliseconds that each call may take, from its sending: REMOTE_CALL_TIMEOUT is its outcome then. No limit when absent. */
  readonly timeoutMs?: number | undefined;
}

/** Arguments of the calls: the same for all contexts, or made for each. */
export type ArgumentsOfEach<A extends unknown[]> = Sendable<A> | ((context: Context, index: number) => [...Sendable<A>]);

/**
 * Calls `fn` on every context, `concurrency` at once, and tells what came of each: a context that fails or hangs holds up no other one.
 * In a session each call is recorded; which come when is the same in a replay.
 * @param args the arguments, or a function that makes those of a context
 * @returns outcomes as they come (`for await`), or all in the order of the contexts (`await each(…).all()`)
 * @throws ResproutError CALL_OPTIONS_INVALID, REMOTE_TARGET_INVALID; what a call throws is its outcome
 */
export function each<R>(contexts: Iterable<Context>, fn: () => R): Completions<CallOutcome<Crossed<Awaited<R>>>>;
export function each<A extends unknown[], R>(
  contexts: Iterable<Context>,
  fn: (...args: A) => R,
  args: ArgumentsOfEach<A>,
  options?: EachOptions,
): Completions<CallOutcome<Crossed<Awaited<R>>>>;
export function each<A extends unknown[], R>(
  contexts: Iterable<Context>,
  fn: (...args: A) => R,
  args: ArgumentsOfEach<A> | readonly [] = [],
  options: EachOptions = {},
): Completions<CallOutcome<Crossed<Awaited<R>>>> {
  const origin: CallOrigin = { frames: callFrames(), place: new Error(), site: recorder()?.site() };
  const { signal, timeoutMs } = options;
  checkCallOptions({ timeoutMs });
  const tasks = Array.from(contexts, (context, index) => {
    const own = ownContext(context);
    return {
      run: async (stop: AbortSignal): Promise<CallOutcome<Crossed<Awaited<R>>>> => {
        const given: readonly unknown[] = typeof args === 'function' ? args(context, index) : args;
        const value = await own.callFrom<R>(origin, fn, given, { signal: stop, timeoutMs });
        return { context, ok: true, value };
      },
      failed: (error: unknown): CallOutcome<Crossed<Awaited<R>>> => ({ context, ok: false, error }),
    };
  });
  return new Completions(tasks, fanLimits(options), signal);
}
