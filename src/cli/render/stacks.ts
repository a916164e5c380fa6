import { safeText } from './safe-text.ts';

/** The stack of an error and of what caused it, for --verbose. Behind a bar: a message of several lines must not look like lines of ours. */
export function stacks(error: Error): string {
  const text = safeText(error.stack ?? String(error));
  const lines = text.split('\n').map((line) => `| ${line}\n`);
  return error.cause instanceof Error ? `${lines.join('')}caused by\n${stacks(error.cause)}` : lines.join('');
}
