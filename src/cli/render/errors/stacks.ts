import { isError } from '../../../base/errors/is-error.ts';
import { gathered, oneLine } from './causes.ts';
import { isOurFile } from './our-files.ts';
import { safeText } from '../text/safe-text.ts';

const PLACE = /^ {4}at (?:.*? \(|async )?(?:file:\/\/)?(\/[^:]+|node:[\w/]+)(?::\d+)*\)?$/;

/** Whether a line of a stack is a frame of this package or of Node's inside. */
function isInner(line: string): boolean {
  const file = PLACE.exec(line)?.[1];
  return file !== undefined && (file.startsWith('node:internal/') || isOurFile(file));
}

/** The lines of a stack without frames that tell its reader nothing; all of them when there are no others. */
function outerLines(stack: string): string[] {
  const lines = stack.split('\n');
  const frames = lines.filter((line) => PLACE.test(line));
  return frames.every(isInner) ? lines : lines.filter((line) => !isInner(line));
}

/**
 * The stack of an error, of the errors that it gathers and of what caused it, for --verbose. Behind a bar: a message of several lines must
 * not look like lines of ours.
 */
export function stacks(thrown: unknown, above: readonly unknown[] = []): string {
  if (!isError(thrown)) return `| ${safeText(oneLine(thrown))}\n`;
  if (above.includes(thrown)) return '| (the same error again)\n';
  const seen = [...above, thrown];
  const own = outerLines(thrown.stack ?? String(thrown)).map((line) => `| ${safeText(line)}\n`);
  const list = gathered(thrown).map((one, index, all) => `error ${index + 1} of ${all.length}\n${stacks(one, seen)}`);
  const cause = thrown.cause === undefined ? '' : `caused by\n${stacks(thrown.cause, seen)}`;
  return [...own, ...list, cause].join('');
}
