// What a module with `await using` at its top level disposes of at its end: the steps of the language (DisposeResources of ECMA-262), since a generator
// has no such scope of its own.
import { globalObject } from '../../../platform/engine/global-object.ts';

/** The methods of a value, as the engine looks for them. */
interface Resource {
  readonly value: unknown;
  /** Undefined for null and undefined, which `await using` takes: they are waited for and nothing else. */
  readonly method: (() => unknown) | undefined;
  /** Whether its end is waited for. */
  readonly isAwaited: boolean;
}

/** How a body ended that threw. */
interface Failure {
  readonly error: unknown;
}

/** Owned by one run of one module. */
export class Disposals {
  readonly #resources: Resource[] = [];

  get isEmpty(): boolean {
    return this.#resources.length === 0;
  }

  /** `using`: takes a value and gives it back. @throws TypeError as the engine does, for what cannot be disposed of */
  now<T>(value: T): T {
    if (value === null || value === undefined) return value;
    const method = methodOf(value, Symbol.dispose) ?? refuse(value, 'DisposableStack', Symbol.dispose);
    this.#resources.push({ value, method, isAwaited: false });
    return value;
  }

  /** `await using`. @throws TypeError as the engine does */
  later<T>(value: T): T {
    if (value === null || value === undefined) {
      this.#resources.push({ value, method: undefined, isAwaited: true });
      return value;
    }
    const method = methodOf(value, Symbol.asyncDispose) ?? quiet(methodOf(value, Symbol.dispose));
    this.#resources.push({ value, method: method ?? refuse(value, 'AsyncDisposableStack', Symbol.asyncDispose), isAwaited: true });
    return value;
  }

  /**
   * Disposes of everything, the last one first; yields what is waited for. Nothing is added to the awaits of the language, so that other modules run
   * between them as they do under Node. @throws what the body threw, what disposing threw, or both in one SuppressedError
   */
  *steps(failure: Failure | undefined): Steps {
    let failed = failure;
    let needsAwait = false;
    let hasAwaited = false;
    for (let resource = this.#resources.pop(); resource !== undefined; resource = this.#resources.pop()) {
      const { value, method, isAwaited } = resource;
      if (!isAwaited && needsAwait && !hasAwaited) {
        yield undefined;
        needsAwait = false;
      }
      if (method === undefined) {
        needsAwait = true;
        continue;
      }
      try {
        const result: unknown = Reflect.apply(method, value, []);
        if (!isAwaited) continue;
        hasAwaited = true;
        yield result;
      } catch (error) {
        failed = { error: failed === undefined ? error : suppressed(error, failed.error) };
      }
    }
    if (needsAwait && !hasAwaited) yield undefined;
    if (failed !== undefined) throw failed.error;
  }
}

/** Each yield is an await. */
type Steps = Generator<unknown, void, unknown>;

/** The steps of the body of a module, and behind them those that dispose of what it has declared. */
export class DisposingSteps {
  #steps: Steps;
  readonly #disposals: Disposals;

  constructor(body: Steps, disposals: Disposals) {
    this.#steps = body;
    this.#disposals = disposals;
  }

  next(value: unknown): IteratorResult<unknown, void> {
    return this.#go(() => this.#steps.next(value));
  }

  throw(error: unknown): IteratorResult<unknown, void> {
    return this.#go(() => this.#steps.throw(error));
  }

  #go(step: () => IteratorResult<unknown, void>): IteratorResult<unknown, void> {
    let result: IteratorResult<unknown, void>;
    try {
      result = step();
    } catch (error) {
      if (this.#disposals.isEmpty) throw error;
      return this.#dispose({ error });
    }
    return result.done === true && !this.#disposals.isEmpty ? this.#dispose(undefined) : result;
  }

  #dispose(failure: Failure | undefined): IteratorResult<unknown, void> {
    this.#steps = this.#disposals.steps(failure);
    return this.#steps.next();
  }
}

type Method = () => unknown;

/** @throws TypeError when there is something else than a function */
function methodOf(value: unknown, name: symbol): Method | undefined {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return undefined;
  const method: unknown = Reflect.get(value, name);
  if (method === undefined || method === null) return undefined;
  return typeof method === 'function' ? (method as Method) : refuse(value, 'AsyncDisposableStack', name);
}

/** What an ordinary method gives back is not waited for. */
function quiet(method: Method | undefined): Method | undefined {
  if (method === undefined) return undefined;
  return function (this: unknown) {
    Reflect.apply(method, this, []);
  };
}

/** The engine's own words, where it has the class. */
function refuse(value: unknown, native: 'DisposableStack' | 'AsyncDisposableStack', name: symbol): never {
  const known: unknown = Reflect.get(globalObject, native);
  if (typeof known === 'function') (Reflect.construct(known, []) as { use(value: unknown): void }).use(value);
  throw new TypeError(`${String(name)} is not a function`);
}

/** Both errors, as the engine gives them; one without that class has the later error alone. */
function suppressed(error: unknown, earlier: unknown): unknown {
  const known: unknown = Reflect.get(globalObject, 'SuppressedError');
  if (typeof known !== 'function') return error;
  return Reflect.construct(known, [error, earlier, 'An error was suppressed during disposal']);
}
