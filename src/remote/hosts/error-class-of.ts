import { ResproutError } from '../../base/errors/errors.ts';
import type { ErrorConstructorLike } from '../../wire/values/value-options.ts';

/** The error classes of this package, by name. */
export function errorClassOf(name: string): ErrorConstructorLike | undefined {
  return name === 'ResproutError' ? ResproutError : undefined;
}
