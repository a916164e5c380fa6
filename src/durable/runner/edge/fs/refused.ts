// What Node refuses before it asks the system: the original is called then, and throws as it always does. Only what is refused for certain.
import { callbackAt } from './request.ts';

/** Whether Node takes a value as a path. */
export function isPath(value: unknown): boolean {
  if (typeof value === 'string') return !value.includes('\0');
  if (value instanceof Uint8Array) return !value.includes(0);
  return isFileUrl(value);
}

function isFileUrl(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { href, protocol } = value as { readonly href?: unknown; readonly protocol?: unknown };
  return typeof href === 'string' && protocol === 'file:';
}

const isNumber = (value: unknown): boolean => typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** 31;

/** Whether a value is a descriptor. */
export const isDescriptor = (value: unknown): value is number => isNumber(value);

function isWrongEncoding(options: unknown): boolean {
  const encoding: unknown = typeof options === 'object' && options !== null ? Reflect.get(options, 'encoding') : options;
  return typeof encoding === 'string' && encoding !== 'buffer' && !Buffer.isEncoding(encoding);
}

/** Names whose options are an encoding when they are text. */
const ENCODED = new Set(['readFile', 'writeFile', 'appendFile', 'readdir', 'readlink', 'realpath', 'mkdtemp']);

/** Which argument holds their options. */
const optionsAt = (name: string): number => (name === 'writeFile' || name === 'appendFile' ? 2 : 1);

/** Text and views of bytes are data of a file. */
function isWrongData(data: unknown): boolean {
  return typeof data !== 'string' && !ArrayBuffer.isView(data);
}

/**
 * Whether Node refuses these arguments at once. @param name such as `readFile`, without `Sync`
 * @param form `callback`: a function must be there. Promises refuse by a rejection, which is recorded like every other
 */
export function isRefused(
  name: string,
  form: 'sync' | 'callback',
  args: readonly unknown[],
  call: { readonly paths: number; readonly takesFile?: boolean },
): boolean {
  const at = callbackAt(args);
  if (form === 'callback' && at < call.paths) return true;
  const given = form === 'callback' ? args.slice(0, at) : args;
  for (let i = 0; i < call.paths; i++) {
    const isFile = call.takesFile === true && i === 0 && isNumber(given[i]);
    if (!isFile && !isPath(given[i])) return true;
  }
  if ((name === 'writeFile' || name === 'appendFile') && isWrongData(given[1])) return true;
  return ENCODED.has(name) && isWrongEncoding(given[optionsAt(name)]);
}
