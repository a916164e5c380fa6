import { type Duration, durationMs } from '../../base/time/duration.ts';
import { recorder } from '../../base/recorder.ts';
import { realClock } from '../../platform/time/clock.ts';

/**
 * Waits. In a session the time is kept in the journal, so the wait goes on where it was after a crash, and may take weeks.
 * @param duration milliseconds, or a text such as `30s`, `7d`, `1h30m`
 * @throws ResproutError CALL_OPTIONS_INVALID for a negative or unreadable duration; SESSION_CANCELLED when the session is cancelled
 */
export async function sleep(duration: Duration): Promise<void> {
  const ms = durationMs(duration, 'the duration given to sleep()');
  const session = recorder();
  await (session === undefined ? realClock.sleep(ms) : session.timer(ms));
}
