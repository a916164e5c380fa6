const KINDS: ReadonlySet<string> = new Set(['[object Error]', '[object DOMException]']);

/**
 * Whether a value is an error, also one of another realm: test runners load programs into a vm context of their own, where the errors of
 * Node's modules are no instances of the program's `Error`.
 */
export function isError(value: unknown): value is Error {
  if (typeof value !== 'object' || value === null) return false;
  try {
    return value instanceof Error || KINDS.has(Object.prototype.toString.call(value));
  } catch {
    // A proxy that refuses to be asked.
    return false;
  }
}
