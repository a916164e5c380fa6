// What lies behind an error: the errors that it gathers and what caused it, each on a line, indented below the one that it belongs to.
import { inspect } from 'node:util';
import { isResproutError } from '../../../base/errors/errors.ts';
import { isError } from '../../../base/errors/is-error.ts';

/** A chain or a list that is longer says less, not more. */
const MOST_LINES = 12;
const MOST_LEVELS = 6;

/** Any thrown value on one line: an error by name or code, other values as they are written. */
export function oneLine(thrown: unknown): string {
  if (!isError(thrown)) return inspect(thrown, { depth: 2, breakLength: Number.POSITIVE_INFINITY, maxStringLength: 200 });
  const [first = ''] = String(thrown.message as unknown).split('\n');
  if (!isResproutError(thrown)) return `${String(thrown.name as unknown)}: ${first}`;
  return `${thrown.far === undefined ? '' : `${thrown.far}: `}${thrown.code}  ${first}`;
}

/** The errors that an error gathers, as an AggregateError does. */
export function gathered(error: Error): readonly unknown[] {
  return 'errors' in error && Array.isArray(error.errors) ? error.errors : [];
}

function linesBelow(error: Error, isTold: (cause: Error) => boolean, above: readonly unknown[]): string[] {
  if (above.length >= MOST_LEVELS || above.includes(error)) return [];
  const seen = [...above, error];
  const below = (thrown: unknown): string[] => (isError(thrown) ? linesBelow(thrown, () => false, seen).map((line) => `  ${line}`) : []);
  const list = gathered(error).flatMap((one) => [`- ${oneLine(one)}`, ...below(one)]);
  const { cause } = error;
  if (cause === undefined) return list;
  if (isError(cause) && isTold(cause)) return [...list, ...linesBelow(cause, isTold, seen)];
  return [...list, `caused by ${oneLine(cause)}`, ...below(cause)];
}

/**
 * The lines below the message of an error; empty when there is nothing behind it.
 * @param told what is shown of the error itself: a cause that only repeats it is left out, what lies behind that one is not
 */
export function causeLines(error: Error, told: string): readonly string[] {
  const lines = linesBelow(error, ({ message }) => message !== '' && told.includes(message), []);
  return lines.length <= MOST_LINES ? lines : [...lines.slice(0, MOST_LINES - 1), `… and ${lines.length - MOST_LINES + 1} more lines`];
}
