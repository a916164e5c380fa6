// A recorded value on one line, for tables.
import { inspect } from 'node:util';
import { decodeRecorded } from '../../../durable/journal/values/recorded-value.ts';
import { toError } from '../../../base/errors/errors.ts';
import { isError } from '../../../base/errors/is-error.ts';
import { scrubValue } from '../../../platform/secrets/scrub-value.ts';
import { shownSecrets } from '../../shown-secrets.ts';
import { nodeKinds } from '../../../platform/values/node-kinds.ts';
import { safeLine } from '../text/safe-text.ts';

/** The value in bytes of the journal's codec, as it may be shown; bytes that cannot be read give an error value. */
export function recordedValue(bytes: Uint8Array): unknown {
  try {
    return scrubValue(decodeRecorded(bytes, { kinds: nodeKinds }), shownSecrets);
  } catch (error) {
    return toError(error);
  }
}

/** One line of any value; long ones are cut by the table. */
export function valueLine(value: unknown): string {
  if (isError(value)) return safeLine(`${value.name}: ${value.message}`);
  if (value === undefined) return '';
  return safeLine(inspect(value, { depth: 3, breakLength: Number.POSITIVE_INFINITY, maxArrayLength: 10, maxStringLength: 200 }));
}
