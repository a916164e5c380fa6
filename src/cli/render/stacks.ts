import { safeText } from './safe-text.ts';

/** The stack of an error and of what caused it, for --verbose. */
export function stacks(error: Error): string {
  const text = safeText(error.stack ?? String(error));
  return error.cause instanceof Error ? `${text}\ncaused by ${stacks(error.cause)}` : `${text}\n`;
}
