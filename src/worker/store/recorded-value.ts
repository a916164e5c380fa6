import { toError } from '../../base/errors/errors.ts';
import { decodeRecorded } from '../../durable/journal/values/recorded-value.ts';
import { nodeKinds } from '../../platform/values/node-kinds.ts';

/** The value in bytes of the journal's codec; bytes that cannot be read give an error value. */
export function recordedValue(bytes: Uint8Array): unknown {
  try {
    return decodeRecorded(bytes, { kinds: nodeKinds });
  } catch (error) {
    return toError(error);
  }
}
