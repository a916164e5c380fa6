// What is patched of node:crypto, as it was.
import nodeCrypto from 'node:crypto';

type AnyFunction = (...args: unknown[]) => unknown;

/** A function of node:crypto by its name; undefined where this Node has none. */
export function originalOf(holder: object, name: string): AnyFunction | undefined {
  const found: unknown = Reflect.get(holder, name);
  return typeof found === 'function' ? (found as AnyFunction) : undefined;
}

/** The originals of these names that this Node has. */
export function originals(holder: object, names: readonly string[]): ReadonlyMap<string, AnyFunction> {
  return new Map(
    names.flatMap((name) => {
      const found = originalOf(holder, name);
      return found === undefined ? [] : [[name, found] as const];
    }),
  );
}

export { nodeCrypto };
