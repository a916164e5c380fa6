/**
 * Sets a field as data. A name that exists on the prototype chain (`__proto__`, `toString`, setters of a class) is defined on the object
 * itself, so that nothing of the chain is reached or changed.
 */
export function setField(target: object, key: string, value: unknown, enumerable = true): void {
  if (enumerable && !(key in target)) (target as Record<string, unknown>)[key] = value;
  else Object.defineProperty(target, key, { value, enumerable, writable: true, configurable: true });
}
