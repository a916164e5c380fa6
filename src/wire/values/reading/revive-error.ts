import { ResproutError } from '../../../base/errors/errors.ts';
import { setField } from './set-field.ts';
import type { ErrorConstructorLike } from '../value-options.ts';

const BUILT_IN: ReadonlyMap<string, ErrorConstructorLike> = new Map<string, ErrorConstructorLike>([
  ['Error', Error],
  ['TypeError', TypeError],
  ['RangeError', RangeError],
  ['SyntaxError', SyntaxError],
  ['ReferenceError', ReferenceError],
  ['EvalError', EvalError],
  ['URIError', URIError],
  ['AggregateError', AggregateError],
  ['ResproutError', ResproutError],
]);

/** What the wire says of an error before its parts. */
export interface ErrorHead {
  readonly className: string;
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly hasErrors: boolean;
}

/** An error with the prototype of its class where that is known, and with the stack text of where it was thrown. */
export function reviveError(head: ErrorHead, errorClass: ((name: string) => ErrorConstructorLike | undefined) | undefined): Error {
  const { className, name, message, stack } = head;
  // A class of ours below ResproutError is none of its own on the other side.
  const known = errorClass?.(className) ?? BUILT_IN.get(className) ?? (name === 'ResproutError' ? ResproutError : undefined);
  const error = create(head, known);
  if (error.message !== message) setField(error, 'message', message, false);
  if (error.name !== name) setField(error, 'name', name, false);
  setField(error, 'stack', stack, false);
  return error;
}

function create({ className, name, message, hasErrors }: ErrorHead, known: ErrorConstructorLike | undefined): Error {
  if (className === 'DOMException') return new DOMException(message, name);
  // A native error object of our own making: a constructor of the program never runs.
  const error: Error = hasErrors ? new AggregateError([], message) : new Error(message);
  const prototype = known?.prototype ?? Error.prototype;
  if (Object.getPrototypeOf(error) !== prototype) Object.setPrototypeOf(error, prototype);
  return error;
}
