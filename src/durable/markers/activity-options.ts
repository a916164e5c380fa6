import { type Duration, durationMs } from '../../base/time/duration.ts';
import { ResproutError } from '../../base/errors/errors.ts';

/** How an activity is called. Durations are milliseconds or texts such as `30s`. */
export interface ActivityOptions {
  /** Name in the journal. Default: the function's own name. */
  readonly name?: string | undefined;
  /** How often it is tried when it throws. Default 1: ordinary code has try and catch. */
  readonly attempts?: number | undefined;
  /** Wait before the second attempt; doubled for each further one. Default 1 s. */
  readonly backoff?: Duration | undefined;
  /** Longest wait between two attempts. Default 1 min. */
  readonly maxBackoff?: Duration | undefined;
  /** Names or codes of errors that are not tried again. Default none. */
  readonly giveUpOn?: readonly string[] | undefined;
  /** Time limit of one attempt: ACTIVITY_TIMEOUT then, and a late result is dropped. Default none. */
  readonly timeout?: Duration | undefined;
  /** Never run a second time: see `atMostOnce`. Default false. */
  readonly atMostOnce?: boolean | undefined;
}

/** Options as `attempt` takes them. */
export interface CheckedOptions {
  readonly name: string;
  readonly attempts: number;
  readonly backoffMs: number;
  readonly maxBackoffMs: number;
  readonly giveUpOn: readonly string[];
  readonly timeoutMs: number | undefined;
  readonly atMostOnce: boolean;
}

const refuse = (what: string, saw: string, cure: string): ResproutError =>
  new ResproutError('CALL_OPTIONS_INVALID', `${what}, and got ${saw}`, { tried: 'activity()', saw, do: cure });

/** Reads the options of `activity`. @throws ResproutError CALL_OPTIONS_INVALID */
export function checkedOptions(fn: unknown, options: ActivityOptions): CheckedOptions {
  if (typeof fn !== 'function')
    throw refuse('activity() wants a function first', fn === null ? 'null' : typeof fn, 'Give the function that makes the call');
  const attempts = options.attempts ?? 1;
  if (!Number.isInteger(attempts) || attempts < 1)
    throw refuse('activity() wants a whole number from 1 on as attempts', String(attempts), 'Give how often the function may be tried');
  const atMostOnce = options.atMostOnce ?? false;
  if (atMostOnce && attempts > 1)
    throw refuse(
      'activity() wants either atMostOnce or several attempts',
      `atMostOnce with attempts ${String(attempts)}`,
      'Leave one of them out',
    );
  const name = options.name ?? fn.name;
  return {
    name: name === '' ? 'activity' : name,
    attempts,
    backoffMs: durationMs(options.backoff ?? 1000, 'the backoff of an activity'),
    maxBackoffMs: durationMs(options.maxBackoff ?? 60_000, 'the maxBackoff of an activity'),
    giveUpOn: options.giveUpOn ?? [],
    timeoutMs: options.timeout === undefined ? undefined : durationMs(options.timeout, 'the timeout of an activity'),
    atMostOnce,
  };
}
