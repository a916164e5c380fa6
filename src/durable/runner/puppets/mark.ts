import type { FunctionKinds } from '../../replay/kinds/function-kinds.ts';

/** Runs over the functions of an object: values, getters and setters. */
function eachFunction(holder: object, take: (fn: object, key: PropertyKey) => void): void {
  for (const key of Reflect.ownKeys(holder)) {
    if (key === 'constructor') continue;
    const property = Object.getOwnPropertyDescriptor(holder, key);
    for (const fn of [property?.value, property?.get, property?.set] as unknown[]) if (typeof fn === 'function') take(fn, key);
  }
}

/**
 * A class of ours stands for one of Node: its methods are called directly, not recorded. @param opening methods that open something
 * outside, or `own` for all: they find the line of their call
 */
export function markClass(
  kinds: FunctionKinds,
  Class: { readonly prototype: object },
  opening: readonly string[] | 'own' | 'language' = [],
): void {
  const isOwn = (key: PropertyKey): boolean => (typeof opening === 'string' ? opening === 'own' : opening.includes(String(key)));
  kinds.mark(Class, opening === 'own' ? 'own' : 'language');
  for (const holder of [Class, Class.prototype]) eachFunction(holder, (fn, key) => kinds.mark(fn, isOwn(key) ? 'own' : 'language'));
}
