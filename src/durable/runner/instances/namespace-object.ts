/**
 * A module namespace as a value: no prototype, names in order, sealed, live. Assigning, adding and deleting throw as with the real one.
 * @param bindings the live exports; accessors are taken over, so a binding in its dead zone still throws when it is read
 */
export function createNamespace(bindings: object): object {
  const namespace: object = Object.create(null) as object;
  for (const name of Object.keys(bindings).sort()) {
    const property = Object.getOwnPropertyDescriptor(bindings, name);
    if (property === undefined) continue;
    const live = property.get ?? (property.writable === true ? () => Reflect.get(bindings, name) as unknown : undefined);
    Object.defineProperty(namespace, name, live ? { get: live, enumerable: true } : { value: property.value as unknown, enumerable: true });
  }
  Object.defineProperty(namespace, Symbol.toStringTag, { value: 'Module' });
  return Object.preventExtensions(namespace);
}
