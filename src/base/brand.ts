/** A number or string that cannot pass for another one. Who hands such values out makes them. */
type Brand<T, Name extends string> = T & { readonly __brand: Name };

/** A context in the tree. 0 is the controller. */
export type ContextId = Brand<number, 'ContextId'>;

/** A number that names a context. */
export function contextId(value: number): ContextId {
  return value as ContextId;
}
