import { ResproutError } from '../../base/errors/errors.ts';

/** The error of a value that is not written. @param path where it stands */
export function refused(code: 'WIRE_LIMIT' | 'REMOTE_VALUE_UNSENDABLE', path: string, why: string): ResproutError {
  return new ResproutError(code, `${path} ${why}`, { tried: `send ${path}`, saw: `it ${why}` });
}
