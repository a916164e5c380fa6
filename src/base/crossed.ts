import type { Secret } from './secret.ts';

/** Shown by the compiler where a type says that a value can't cross to another process. Never the type of a real value. */
export interface CannotCross<Why extends string> {
  readonly __cannotCross: Why;
}

/** A Context, by what no other object has: that file builds upon this one. */
interface ContextLike extends AsyncDisposable {
  readonly name: string;
  readonly info: { readonly pid: number; readonly execPath: string };
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
  | ArrayBuffer
  | ArrayBufferView
  | Error
  | AbortSignal
  | Secret
  | ContextLike;

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
      : T extends AsyncIterable<infer Item> | Iterator<infer Item>
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

/** A type as it may be given to the other side: what cannot cross is a `CannotCross`, so that no value of it is taken. */
export type Sent<T> = 0 extends 1 & T
  ? T
  : unknown extends T
    ? T
    : T extends AsIs | AsyncIterable<unknown> | Iterator<unknown>
      ? T
      : T extends PromiseLike<unknown>
        ? CannotCross<'a promise: await it before the call'>
        : T extends symbol
          ? CannotCross<'a symbol'>
          : T extends (...args: never) => unknown
            ? CannotCross<'a function'>
            : T extends ReadonlyMap<infer Key, infer Value>
              ? ReadonlyMap<Sent<Key>, Sent<Value>>
              : T extends ReadonlySet<infer Item>
                ? ReadonlySet<Sent<Item>>
                : T extends object
                  ? { [Name in keyof T]: Sent<T[Name]> }
                  : T;

/**
 * The arguments of a call. A function that hands its own arguments on declares them so:
 * `function again<A extends unknown[], R>(fn: (...args: A) => R, ...args: Sendable<A>) { return context.call(fn, ...args); }`
 */
export type Sendable<A extends unknown[]> = A extends Sent<A> ? A : Sent<A>;
