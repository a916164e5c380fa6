import { registerOwn, setMarked } from '../../base/recorder.ts';
import { ResproutError } from '../../base/errors/errors.ts';

/**
 * Marks a function of a package as pure: a session calls it without recording, again on every replay.
 * Only for functions that depend on their arguments alone and change nothing outside. In a plain process it is the function itself.
 * @throws ResproutError CALL_OPTIONS_INVALID when it is given something else than a function
 */
export function inline<Args extends unknown[], Result>(fn: (...args: Args) => Result): (...args: Args) => Result {
  if (typeof fn !== 'function')
    throw new ResproutError('CALL_OPTIONS_INVALID', `inline() wants a function, and got ${fn === null ? 'null' : typeof fn}`, {
      tried: 'inline()',
      do: 'Give the function that is pure',
    });
  const wrapped = function (this: unknown, ...args: Args): Result {
    return Reflect.apply(fn, this, args) as Result;
  };
  Object.defineProperty(wrapped, 'name', { value: fn.name, configurable: true });
  registerOwn(wrapped);
  setMarked(wrapped, fn);
  return wrapped;
}
