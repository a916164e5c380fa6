import { ResproutError } from '../../base/errors/errors.ts';

/** Options of `context.close`. */
export interface CloseOptions {
  /** Milliseconds that running calls get to end after their signal has fired; 5,000 when absent. 0 ends them at once. */
  readonly graceMs?: number | undefined;
}

const GRACE_MS = 5000;
/** The longest time that a timer takes. */
const MOST_MS = 2_147_483_647;

/** @throws ResproutError CALL_OPTIONS_INVALID */
export function closeGraceMs(options: CloseOptions | undefined): number {
  const graceMs = options?.graceMs ?? GRACE_MS;
  if (Number.isInteger(graceMs) && graceMs >= 0 && graceMs <= MOST_MS) return graceMs;
  const allowed = `a whole number of milliseconds from 0 to ${MOST_MS}`;
  throw new ResproutError('CALL_OPTIONS_INVALID', `"graceMs" of close is not ${allowed}`, { do: `Give ${allowed}` });
}
