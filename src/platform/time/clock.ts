import type { Clock } from '../../base/seams/clock.ts';

// Taken when this file loads, before anything is patched.
const wallNow = Date.now;
const monotonicNow = performance.now.bind(performance);
const realSetTimeout = setTimeout;
const realClearTimeout = clearTimeout;
/** Node fires a timer of more than 2^31 - 1 ms at once; longer ones are set again. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The clock of this process. */
export const realClock: Clock = {
  wallMs: () => wallNow(),
  monotonicMs: () => monotonicNow(),
  after(ms, fire, options) {
    let timer: ReturnType<typeof setTimeout>;
    const arm = (leftMs: number): void => {
      const stepMs = Math.min(Math.max(leftMs, 0), LONGEST_TIMER_MS);
      timer = realSetTimeout(() => (leftMs > stepMs ? arm(leftMs - stepMs) : fire()), stepMs);
      if (options?.background === true) timer.unref();
    };
    arm(ms);
    return { clear: () => realClearTimeout(timer) };
  },
  sleep(ms, signal) {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(signal.reason as Error);
        return;
      }
      const onAbort = (): void => {
        timer.clear();
        reject(signal?.reason as Error);
      };
      const timer = realClock.after(ms, () => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      });
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  },
};
