import { ResproutError } from '../../base/errors/errors.ts';
import { LIMITS } from '../../wire/limits.ts';
import { encodeValue } from '../../wire/values/value-encode.ts';
import { callerStack } from '../caller-stack.ts';
import { byReference } from '../child/core/calls/crossing.ts';
import { unsendable } from './call-side.ts';

/** What is to be recorded must fit into an event. @throws ResproutError JOURNAL_VALUE_TOO_LARGE, REMOTE_VALUE_UNSENDABLE */
export function checkSize(args: readonly unknown[], what: string, place: Error): void {
  const byteLength = sizeOf(args, what, place);
  if (byteLength <= LIMITS.recordedValueBytes) return;
  const saw = `${byteLength} bytes, ${LIMITS.recordedValueBytes} are allowed`;
  throw new ResproutError('JOURNAL_VALUE_TOO_LARGE', `the arguments of ${what} are too large to be recorded: ${saw}`, {
    tried: `call ${what}`,
    saw,
  });
}

function sizeOf(args: readonly unknown[], what: string, place: Error): number {
  try {
    return encodeValue(args, { root: 'arguments', extensions: byReference }).byteLength;
  } catch (error) {
    throw unsendable(error, what, () => callerStack(place));
  }
}
