import { BRAND_PREFIX } from '../../../base/builds/build.ts';

/** Which function of which file: the key of the file and the number in its function table. */
export interface Brand {
  readonly key: string;
  readonly n: number;
}

// Captured before anything is patched: the patched one shows the text without brands.
const originalToString = Function.prototype.toString;
const pattern = /\/\*~\$d([0-9a-z]+):(\d+)\*\//;

/** The text of a function as V8 holds it, brands included. */
export function textOf(fn: object): string {
  return Reflect.apply(originalToString, fn, []);
}

/**
 * The brand of a function or class that durable/transform emitted; undefined for any other one.
 * A function's own brand is the first one in its text: it opens the parameter list (after the name in a class, inside the bracket of a
 * computed method name), so functions in default values and computed names come after it.
 */
export function brandOf(fn: unknown): Brand | undefined {
  if (typeof fn !== 'function') return undefined;
  const text = textOf(fn);
  if (!text.includes(BRAND_PREFIX)) return undefined;
  const found = pattern.exec(text);
  return found === null ? undefined : { key: found[1] ?? '', n: Number(found[2]) };
}
