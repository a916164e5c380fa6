// A recorded value on one line, for tables.
import { inspect } from 'node:util';
import { isError } from '../../../base/errors/is-error.ts';
import { scrubValue } from '../../../platform/secrets/scrub-value.ts';
import { recordedValue } from '../../../worker/index.ts';
import { shownSecrets } from '../../shown-secrets.ts';
import { safeLine } from '../text/safe-text.ts';

/** The value in bytes of the journal's codec, as it may be shown; bytes that cannot be read give an error value. */
export function shownValue(bytes: Uint8Array): unknown {
  return scrubValue(recordedValue(bytes), shownSecrets);
}

/** One line of any value; long ones are cut by the table. */
export function valueLine(value: unknown): string {
  if (isError(value)) return safeLine(`${value.name}: ${value.message}`);
  if (value === undefined) return '';
  return safeLine(inspect(value, { depth: 3, breakLength: Number.POSITIVE_INFINITY, maxArrayLength: 10, maxStringLength: 200 }));
}
