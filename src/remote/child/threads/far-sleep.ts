import { type Duration, durationMs } from '../../../base/time/duration.ts';

/** Node fires a timer of more than 2^31 - 1 ms at once; longer ones are set again. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** `sleep` on the far side: ordinary timers. @throws ResproutError CALL_OPTIONS_INVALID, as a rejection like everywhere else */
export async function farSleep(duration: Duration): Promise<void> {
  for (let leftMs = durationMs(duration, 'the duration given to sleep()'); ; leftMs -= LONGEST_TIMER_MS) {
    await new Promise((resolve) => setTimeout(resolve, Math.min(leftMs, LONGEST_TIMER_MS)));
    if (leftMs <= LONGEST_TIMER_MS) return;
  }
}
