const mark: unique symbol = Symbol.for('resprout.fnRef') as never;

/** A function by the file and the name it is exported under. Callable types are kept, so that `call` checks the arguments. */
export interface FunctionRef {
  readonly [mark]: true;
  /** Url of the file. */
  readonly url: string;
  /** Export name, or a path such as `K.method`. */
  readonly name: string;
}

/**
 * Names an exported function that cannot be found by its place: what memoize, bind or a factory made.
 * `context.call(fnRef(import.meta, 'memo'), 1)`.
 * @param meta `import.meta` of the file, or its url
 */
export function fnRef<A extends unknown[] = unknown[], R = unknown>(
  meta: { readonly url: string } | string,
  name: string,
): ((...args: A) => R) & FunctionRef {
  const url = typeof meta === 'string' ? meta : meta.url;
  const ref = (): never => {
    throw new TypeError(`fnRef(…, '${name}') only names a function; give it to context.call`);
  };
  return Object.freeze(Object.defineProperties(ref as never, { [mark]: { value: true }, url: { value: url }, name: { value: name } }));
}

/** Whether a value was made by `fnRef`, of this copy of the package or another one. */
export function isFunctionRef(value: unknown): value is FunctionRef {
  return (typeof value === 'function' || (typeof value === 'object' && value !== null)) && mark in value;
}
