import { isError } from '../../base/errors/is-error.ts';

/** What JSON has. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/**
 * Any value as JSON: bigints as text, maps and sets as arrays, bytes as base64, errors as name, message and code, cycles as `[circular]`,
 * what JSON does not have (undefined, NaN, functions) as null.
 */
export function jsonOf(value: unknown, above: readonly object[] = []): Json {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? value : null;
    case 'bigint':
      return String(value);
    case 'object':
      return value === null ? null : objectJson(value, above);
    case 'undefined':
    case 'function':
    case 'symbol':
      return null;
  }
}

function objectJson(value: object, above: readonly object[]): Json {
  if (above.includes(value)) return '[circular]';
  const inside = [...above, value];
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof URL) return value.href;
  if (isError(value)) {
    return { name: value.name, message: value.message, ...('code' in value ? { code: jsonOf(value.code, inside) } : {}) };
  }
  if (ArrayBuffer.isView(value)) return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64');
  if (value instanceof ArrayBuffer) return Buffer.from(value).toString('base64');
  if (value instanceof Map) return [...value].map(([key, item]) => [jsonOf(key, inside), jsonOf(item, inside)]);
  if (value instanceof Set || Array.isArray(value)) return Array.from(value as Iterable<unknown>, (item) => jsonOf(item, inside));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, jsonOf(item, inside)]));
}
