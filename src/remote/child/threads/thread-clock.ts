import type { Clock } from '../../../base/seams/clock.ts';

/** The clock of the broker thread. No user code runs there, so nothing is patched. */
export const threadClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(ms, fire, options) {
    const timer = setTimeout(fire, Math.min(ms, 2 ** 31 - 1));
    if (options?.background === true) timer.unref();
    return { clear: () => clearTimeout(timer) };
  },
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};
