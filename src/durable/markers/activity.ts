import { recorder, registerOwn, setMarked } from '../../base/recorder.ts';
import { checkedOptions, type ActivityOptions } from './activity-options.ts';
import { attempt } from './attempt.ts';

/** A function whose whole run is one recorded call. */
export type Activity<Args extends unknown[], Result> = (...args: Args) => Promise<Awaited<Result>>;

/**
 * Makes one recorded call of a whole function: what it does inside is not recorded, its result is. It runs with the real clock and real
 * chance; when the process dies before the result is recorded, it runs again with the same `idempotencyKey()`.
 * In a plain process the function just runs, with the same attempts and time limit.
 * @param fn its arguments and result must be recordable: plain data, dates, maps, buffers, errors
 * @param options name, attempts, time limit
 * @throws ResproutError CALL_OPTIONS_INVALID at once for bad options. The result rejects with what `fn` throws at its last attempt, ACTIVITY_TIMEOUT,
 * SESSION_CANCELLED, JOURNAL_VALUE_UNRECORDABLE or JOURNAL_VALUE_TOO_LARGE
 */
export function activity<Args extends unknown[], Result>(
  fn: (...args: Args) => Result,
  options: ActivityOptions = {},
): Activity<Args, Result> {
  const checked = checkedOptions(fn, options);
  const wrapped = async function (this: unknown, ...args: Args): Promise<Awaited<Result>> {
    const run = async (signal: AbortSignal | undefined): Promise<Awaited<Result>> =>
      await attempt(checked, signal, () => Reflect.apply(fn, this, args) as Result);
    const session = recorder();
    if (session === undefined) return await run(undefined);
    return await session.record<Awaited<Result>>({
      fn: checked.name,
      args,
      site: session.site(),
      atMostOnce: checked.atMostOnce,
      run: (_key, signal) => run(signal),
    });
  };
  Object.defineProperty(wrapped, 'name', { value: fn.name, configurable: true });
  registerOwn(wrapped);
  setMarked(wrapped, fn);
  return wrapped;
}

/**
 * As `activity`, for what must never happen twice: the intent is on disk before the function runs, and when the process dies before the
 * result is recorded, the call rejects with OUTCOME_UNKNOWN instead of running again.
 */
export function atMostOnce<Args extends unknown[], Result>(
  fn: (...args: Args) => Result,
  options: Omit<ActivityOptions, 'atMostOnce' | 'attempts'> = {},
): Activity<Args, Result> {
  return activity(fn, { ...options, atMostOnce: true });
}
