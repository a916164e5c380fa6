// What is told of an error: by plain Node about the program's, and by the owner of a session about the recorded one.
import { canonical } from './canonical.ts';

export interface FailureText {
  /** Name and message; a thrown value that is no error as a value. */
  readonly text: string;
  /** Codes of the error, its causes and the errors in it, its own first. */
  readonly codes: readonly string[];
}

const MOST_CODES = 20;

function codesOf(error: unknown, found: string[]): void {
  if (typeof error !== 'object' || error === null || found.length > MOST_CODES) return;
  if ('code' in error && typeof error.code === 'string') found.push(error.code);
  if ('cause' in error) codesOf(error.cause, found);
  if ('errors' in error && Array.isArray(error.errors)) for (const one of error.errors) codesOf(one, found);
}

export function failureText(error: unknown): FailureText {
  const codes: string[] = [];
  codesOf(error, codes);
  return { text: error instanceof Error ? `${error.name}: ${error.message}` : `thrown ${canonical(error)}`, codes };
}
