/**
 * The seam for what follows a piece of code through its awaits, callbacks and timers. Real: `platform/engine/async-context.ts`.
 * What `run` starts inherits the value; nothing else does.
 */
export interface AsyncContext<T> {
  /** The value of the code that runs now; undefined outside of every `run`. */
  current(): T | undefined;
  /** Runs `run` with `value`. Other contexts of the same code stay as they are. */
  run<R>(value: T | undefined, run: () => R): R;
  /** Everything that follows the code now, this context and all others: the result runs a function with it later. */
  snapshot(): <R>(run: () => R) => R;
}
