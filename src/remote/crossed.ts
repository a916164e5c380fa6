/** Shown by the compiler where a type says that a value can't cross to another process. Never the type of a real value. */
export interface CannotCross<Why extends string> {
  readonly __cannotCross: Why;
}

type AsIs =
  | undefined
  | null
  | boolean
  | number
  | bigint
  | string
  | Date
  | RegExp
  | URL
  | Blob
  | ArrayBuffer
  | ArrayBufferView
  | Error
  | AbortSignal;

/**
 * A type as it arrives on the other side: data stays as it is, async iterables become plain `AsyncIterable`s of crossed items,
 * promises inside and functions become `CannotCross`. Prototypes do not travel: of a class instance its methods cannot cross.
 */
export type Crossed<T> = 0 extends 1 & T
  ? T
  : unknown extends T
    ? T
    : T extends AsIs
      ? T
      : T extends AsyncIterable<infer Item>
        ? AsyncIterable<Crossed<Item>>
        : T extends PromiseLike<unknown>
          ? CannotCross<'a promise inside the result: await it before returning'>
          : T extends symbol
            ? CannotCross<'a symbol'>
            : T extends (...args: never) => unknown
              ? CannotCross<'a function'>
              : T extends ReadonlyMap<infer Key, infer Value>
                ? Map<Crossed<Key>, Crossed<Value>>
                : T extends ReadonlySet<infer Item>
                  ? Set<Crossed<Item>>
                  : T extends object
                    ? { [Name in keyof T]: Crossed<T[Name]> }
                    : T;
