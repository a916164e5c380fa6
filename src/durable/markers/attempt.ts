import { ResproutError, toError } from '../../base/errors/errors.ts';
import { realClock } from '../../platform/time/clock.ts';
import type { CheckedOptions } from './activity-options.ts';

/** Rejects when the time is over or the signal aborts; the run itself cannot be stopped, so its late result is dropped. */
async function within<T>(options: CheckedOptions, signal: AbortSignal | undefined, run: () => T): Promise<Awaited<T>> {
  const { timeoutMs } = options;
  if (timeoutMs === undefined) return await run();
  const over = new AbortController();
  const stop = (): void => over.abort(signal?.reason);
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const late = realClock.sleep(timeoutMs, over.signal).then(() => {
      throw new ResproutError('ACTIVITY_TIMEOUT', `${options.name} did not end within ${String(timeoutMs)} ms`, {
        tried: options.name,
        saw: `no result after ${String(timeoutMs)} ms`,
        do: 'Give the activity more time, or look why it hangs',
      });
    });
    return await Promise.race([run(), late]);
  } finally {
    signal?.removeEventListener('abort', stop);
    over.abort(new Error('the activity has ended'));
  }
}

function isFinal(error: unknown, giveUpOn: readonly string[]): boolean {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return giveUpOn.includes(toError(error).name) || (typeof code === 'string' && giveUpOn.includes(code));
}

/** Runs an activity's function with its attempts, waits and time limit. Rejects with the error of the last attempt. */
export async function attempt<T>(options: CheckedOptions, signal: AbortSignal | undefined, run: () => T): Promise<Awaited<T>> {
  for (let tried = 1; ; tried++) {
    try {
      return await within(options, signal, run);
    } catch (error) {
      if (tried >= options.attempts || signal?.aborted === true || isFinal(error, options.giveUpOn)) throw error;
      await realClock.sleep(Math.min(options.backoffMs * 2 ** (tried - 1), options.maxBackoffMs), signal);
    }
  }
}
