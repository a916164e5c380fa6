import { LIMITS } from '../limits.ts';

/** A text of an error as it is written: cut, and in words of ours where reading it throws. Undefined when there is none. @param what of the error it is */
export function errorText(read: () => unknown, what: string): string | undefined {
  try {
    const text = read();
    if (text === undefined) return undefined;
    const whole = typeof text === 'string' ? text : String(text as string);
    return whole.length <= LIMITS.errorTextChars ? whole : `${whole.slice(0, LIMITS.errorTextChars - 1)}…`;
  } catch {
    return `[${what} could not be read: reading it throws]`;
  }
}
