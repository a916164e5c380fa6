import { isError } from '../../../base/errors/is-error.ts';
import { problemJson, type ShownProblem } from '../errors/problem.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

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

/** The one line that a command prints with `--json` when it went well. */
export function okLine(value: unknown): string {
  return `${JSON.stringify({ ok: true, value: jsonOf(value) })}\n`;
}

/** The one line of a command that did several things, of which some may have gone wrong. @param exit the highest exit code */
export function listLine(values: readonly unknown[], exit: number): string {
  return exit === 0 ? okLine(values) : `${JSON.stringify({ ok: false, value: jsonOf(values), exit })}\n`;
}

/** The one line that a command prints with `--json` when it did not. */
export function problemLine(problem: ShownProblem, exit: number): string {
  return `${JSON.stringify({ ok: false, problem: problemJson(problem), exit })}\n`;
}
