import { ResproutError } from '../../base/errors/errors.ts';
import { activityInfo, recorder } from '../../base/recorder.ts';
import { realRandom } from '../../platform/random.ts';

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/**
 * A text that is the same at every attempt of the activity that runs now, also after a crash: give it to a service that drops repeats.
 * In a plain process each call gives a new random one.
 * @throws ResproutError CALL_OPTIONS_INVALID in a session outside of an activity, where no call is under way that it could name
 */
export function idempotencyKey(): string {
  const activity = activityInfo();
  if (activity !== undefined) return activity.idempotencyKey;
  if (recorder() === undefined) return `plain/${hex(realRandom.bytes(16))}`;
  throw new ResproutError('CALL_OPTIONS_INVALID', 'idempotencyKey() was called outside of an activity, so there is no call it could name', {
    tried: 'idempotencyKey()',
    do: 'Call it inside a function given to activity() or atMostOnce()',
  });
}
