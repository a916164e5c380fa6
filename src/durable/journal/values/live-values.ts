// Which objects are live: they live in their process and cannot be written. Nothing here runs methods; fields are read, as writing reads them.
import { classNameOf, isBuiltinKind, isPlainObject, isWhat } from '../../../wire/index.ts';
import { isSecret } from '../../../base/secret.ts';
import { NotRecordable } from './not-recordable.ts';
import type { RecordOptions } from './record-options.ts';

type Flags = Pick<RecordOptions, 'ghosts' | 'behaviourIsLive'>;

/** A method of one of these names makes an object live, whatever data it has: emitters, streams, iterators, thenables. */
const LIVE_METHODS = ['on', 'pipe', 'getReader', 'next', 'then'] as const;
const LIVE_SYMBOLS = [Symbol.asyncIterator, Symbol.iterator, Symbol.dispose, Symbol.asyncDispose] as const;
/** Methods that data has too. */
const DATA_METHODS: ReadonlySet<PropertyKey> = new Set(['constructor', 'toJSON', 'toString', 'valueOf', 'inspect']);

/** Why a whole result is live, by rules that hold for the result itself and not for what is inside; undefined when none applies. */
export function liveReason(
  value: unknown,
  isKnown: (value: object) => boolean,
): { readonly className: string; readonly why: string } | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  if (isPlainObject(value)) {
    const fields = Object.keys(value);
    if (fields.length > 0 && fields.every((key) => typeof read(value, key) === 'function'))
      return { className: 'Object', why: 'is an object of functions' };
  } else if (isBuiltinKind(value) || isKnown(value)) return undefined;
  if (!LIVE_SYMBOLS.some((symbol) => typeof read(value, symbol) === 'function')) return undefined;
  const className = classNameOf(value);
  return { className, why: `${isWhat(className)} that can be iterated or disposed` };
}

/** Whether an instance of a class is written by its data fields: the rows of a database client, documents, receipts. */
export function isRecordLike(value: object, flags: Flags): boolean {
  if (flags.ghosts === false || isBuiltinKind(value) || value instanceof Promise || value instanceof WeakMap || value instanceof WeakSet)
    return false;
  if (isSecret(value) || LIVE_METHODS.some((name) => typeof read(value, name) === 'function')) return false;
  const hasData = Object.keys(value).some((key) => {
    const field = read(value, key);
    return field !== undefined && typeof field !== 'function';
  });
  return hasData && !(flags.behaviourIsLive === true && hasBehaviour(value));
}

/** What a value that cannot be written is. Given to the codec as `refuse`. */
export function refusal(value: unknown, path: string, why: string): NotRecordable {
  if (typeof value === 'function') return new NotRecordable({ isLive: true, className: 'Function', path, why });
  if (typeof value !== 'object' || value === null) return new NotRecordable({ isLive: false, className: typeof value, path, why });
  if (why === 'is a proxy') return new NotRecordable({ isLive: true, className: 'Proxy', path, why });
  const isData = isBuiltinKind(value) || isSecret(value);
  return new NotRecordable({
    isLive: !isData,
    className: classNameOf(value),
    path,
    why: isData ? why : `${why} that lives in its process`,
  });
}

function hasBehaviour(value: object): boolean {
  for (
    let at: unknown = Object.getPrototypeOf(value);
    typeof at === 'object' && at !== null && at !== Object.prototype;
    at = Object.getPrototypeOf(at)
  )
    for (const key of Object.getOwnPropertyNames(at))
      if (!DATA_METHODS.has(key) && typeof Object.getOwnPropertyDescriptor(at, key)?.value === 'function') return true;
  return false;
}

/** A property whose getter may throw: then it is something that only its class understands. */
function read(value: object, key: PropertyKey): unknown {
  try {
    return (value as Readonly<Record<PropertyKey, unknown>>)[key];
  } catch {
    return undefined;
  }
}
