import { isError } from '../../base/errors/is-error.ts';
import { dateMs } from './date-values.ts';
import { isPlainObject } from './value-path.ts';

const PROTOTYPES: ReadonlySet<object> = new Set([Map.prototype, Set.prototype, RegExp.prototype, ArrayBuffer.prototype, URL.prototype]);

/** Whether the codec writes this object without an extension (what it contains is another question). */
export function isBuiltinKind(value: object): boolean {
  if (Array.isArray(value) || ArrayBuffer.isView(value) || isError(value) || isPlainObject(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return (typeof prototype === 'object' && prototype !== null && PROTOTYPES.has(prototype)) || dateMs(value) !== undefined;
}
