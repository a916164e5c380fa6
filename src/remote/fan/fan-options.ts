import { ResproutError } from '../../base/errors/errors.ts';

/** How work on many contexts or targets is spread. */
export interface FanOptions {
  /** How many run at once; 32 when absent. */
  readonly concurrency?: number | undefined;
  /** Rolling: so many begin together, and the next ones when all of them have ended. All are one batch when absent. */
  readonly batch?: number | undefined;
  /** After so many failures nothing more is started; what runs goes on to its end, the rest is REMOTE_NOT_STARTED. Any number when absent. */
  readonly stopAfter?: number | undefined;
  /** Aborts all that runs, starts nothing more, and ends the iterable with REMOTE_CALL_ABORTED. */
  readonly signal?: AbortSignal | undefined;
}

/** The same with every number set. */
export interface FanLimits {
  readonly concurrency: number;
  readonly batch: number;
  readonly stopAfter: number;
}

const CONCURRENCY = 32;
const NAMES = ['concurrency', 'batch', 'stopAfter'] as const;

/** @throws ResproutError CALL_OPTIONS_INVALID */
export function fanLimits(options: FanOptions): FanLimits {
  for (const name of NAMES) {
    const value = options[name];
    if (value !== undefined && !(Number.isSafeInteger(value) && value >= 1)) throw invalid(name, 'a whole number from 1 on');
  }
  if (options.signal !== undefined && !(options.signal instanceof AbortSignal)) throw invalid('signal', 'an AbortSignal');
  const { batch = Number.MAX_SAFE_INTEGER, concurrency = CONCURRENCY, stopAfter = Number.POSITIVE_INFINITY } = options;
  return { concurrency, batch, stopAfter };
}

function invalid(name: string, allowed: string): ResproutError {
  return new ResproutError('CALL_OPTIONS_INVALID', `"${name}" is not ${allowed}`, { do: `Give ${allowed}` });
}
