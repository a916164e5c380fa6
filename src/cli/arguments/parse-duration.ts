import { DURATION_FORMS, readDurationMs } from '../../base/time/duration.ts';
import { InvalidArgumentError } from './commander.ts';

/** Milliseconds of a duration such as `500ms`, `10s`, `1m30s`, `7d`. @throws InvalidArgumentError, shown as a usage error */
export function parseDuration(text: string): number {
  const ms = readDurationMs(text);
  if (ms === undefined) throw new InvalidArgumentError(`Write a duration ${DURATION_FORMS}`);
  return ms;
}
