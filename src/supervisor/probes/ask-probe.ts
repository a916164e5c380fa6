import { ResproutError, toError } from '../../base/errors/errors.ts';
import type { Clock } from '../../base/seams/clock.ts';
import type { Probe } from './probe.ts';

/** Asks once, within its limit also when the probe does not look at its signal. @returns undefined when the answer was good, else why not */
export async function askProbe(probe: Probe, clock: Clock, signal: AbortSignal): Promise<Error | undefined> {
  const stop = new AbortController();
  const late = Promise.withResolvers<Error>();
  const timer = clock.after(probe.timeoutMs, () => late.resolve(new ResproutError('UNIT_LATE', `no answer within ${probe.timeoutMs} ms`)));
  const onAbort = (): void => late.resolve(toError(signal.reason));
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  const asked = (async (): Promise<Error | undefined> => {
    try {
      await probe.check(stop.signal);
      return undefined;
    } catch (error) {
      return toError(error);
    }
  })();
  try {
    return await Promise.race([asked, late.promise]);
  } finally {
    timer.clear();
    signal.removeEventListener('abort', onAbort);
    stop.abort();
  }
}

/** Asks until the answer is good. @throws the reason of the signal when that fires first */
export async function untilGood(probe: Probe, clock: Clock, signal: AbortSignal): Promise<void> {
  for (;;) {
    const why = await askProbe(probe, clock, signal);
    signal.throwIfAborted();
    if (why === undefined) return;
    await clock.sleep(probe.periodMs, signal);
  }
}
