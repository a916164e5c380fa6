import { isError } from '../../../../base/errors/is-error.ts';

/** Takes far paths out of an error and its causes, and our own frames off its stack. */
export function cleanError(error: unknown, clean: (text: string) => string, depth = 0): void {
  if (!isError(error) || depth > 8) return;
  try {
    cleanWhole(error, clean, depth);
  } catch {
    // Reading it throws: what can be read of it is found when it is written.
  }
}

function cleanWhole(error: Error, clean: (text: string) => string, depth: number): void {
  try {
    error.message = clean(error.message);
    const stack = clean(error.stack ?? '');
    error.stack = stack
      .split('\n')
      .filter((line) => !/\((?:resprout-core|node:internal\/|node:async_hooks)|at (?:async )?(?:resprout-core|node:internal\/)/.test(line))
      .join('\n');
  } catch {
    // A frozen error goes as it is.
  }
  cleanError(error.cause, clean, depth + 1);
  if (error instanceof AggregateError) for (const each of error.errors) cleanError(each, clean, depth + 1);
}
