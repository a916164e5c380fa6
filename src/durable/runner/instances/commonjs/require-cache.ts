// `require.cache` of a session: its own CommonJS files in front of what Node has loaded. What is taken out is run again by the next `require`,
// and what is put in is what `require` gives.

/** The files of a session, by their absolute paths. */
export interface OwnFiles {
  /** The `module` of each file that has begun to run. */
  list(): ReadonlyMap<string, object>;
  /** Whether it is a file of the session, run or not. */
  has(file: string): boolean;
  /** Forgets a file. */
  drop(file: string): void;
  /** Puts a `module` in its place. */
  replace(file: string, record: object): void;
}

/** @param real Node's own cache */
export function createRequireCache(real: object, own: OwnFiles): object {
  const isOwn = (key: PropertyKey): key is string => typeof key === 'string' && own.has(key);
  const read = (key: PropertyKey): unknown => (isOwn(key) ? own.list().get(key) : (Reflect.get(real, key) as unknown));
  return new Proxy(Object.create(null) as object, {
    get: (_target, key) => read(key),
    has: (_target, key) => (isOwn(key) ? own.list().has(key) : Reflect.has(real, key)),
    ownKeys: () => [...new Set([...own.list().keys(), ...Reflect.ownKeys(real)])],
    getOwnPropertyDescriptor: (_target, key) => {
      const value = read(key);
      return value === undefined ? undefined : { value, writable: true, enumerable: true, configurable: true };
    },
    set: (_target, key, value: unknown) => {
      if (!isOwn(key)) return Reflect.set(real, key, value);
      if (typeof value === 'object' && value !== null) own.replace(key, value);
      else own.drop(key);
      return true;
    },
    deleteProperty: (_target, key) => {
      if (!isOwn(key)) return Reflect.deleteProperty(real, key);
      own.drop(key);
      return true;
    },
  });
}
