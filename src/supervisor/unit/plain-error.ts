import { isError } from '../../base/errors/is-error.ts';

/** Causes of causes beyond this are left out. */
const MOST_CAUSES = 8;

/** Reads a field of an object that may throw when it is read. */
function read(holder: object, name: string): unknown {
  try {
    return Reflect.get(holder, name) as unknown;
  } catch {
    return undefined;
  }
}

function textOf(thrown: unknown): string {
  try {
    return typeof thrown === 'object' && thrown !== null ? JSON.stringify(thrown) : String(thrown);
  } catch {
    return 'a value that cannot be read';
  }
}

/** A thrown value as an error that crosses to any place: class name, message, stack, code and causes, nothing else. */
export function plainError(thrown: unknown, depth = 0): Error {
  if (!isError(thrown))
    return new Error(typeof thrown === 'string' ? thrown : `a value that is not an error was thrown: ${textOf(thrown)}`);
  const [name, message, stack, code, cause] = ['name', 'message', 'stack', 'code', 'cause'].map((field) => read(thrown, field));
  const plain = new Error(typeof message === 'string' ? message : '');
  if (typeof name === 'string' && name !== 'Error')
    Object.defineProperty(plain, 'name', { value: name, configurable: true, writable: true });
  Object.defineProperty(plain, 'stack', { value: typeof stack === 'string' ? stack : plain.message, configurable: true, writable: true });
  if (typeof code === 'string' || typeof code === 'number') Object.assign(plain, { code });
  if (cause !== undefined && depth < MOST_CAUSES)
    Object.defineProperty(plain, 'cause', { value: plainError(cause, depth + 1), configurable: true, writable: true });
  return plain;
}
