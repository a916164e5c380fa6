import type { FunctionKinds } from '../../replay/kinds/function-kinds.ts';

/**
 * Says what the methods and statics of a class of ours are, so that they are called and not recorded.
 * @param how `own`: they record themselves, and their records name the line that called them
 */
export function markClass(kinds: FunctionKinds, Class: { readonly prototype: object }, how: 'language' | 'own' = 'language'): void {
  if (typeof Class === 'function') kinds.mark(Class, how);
  for (const holder of [Class, Class.prototype])
    for (const key of Reflect.ownKeys(holder)) {
      const property = Object.getOwnPropertyDescriptor(holder, key);
      for (const fn of [property?.value, property?.get, property?.set] as unknown[])
        if (typeof fn === 'function' && key !== 'constructor') kinds.mark(fn, how);
    }
}
