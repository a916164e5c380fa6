import type { AskRequest } from '../durable/journal/runner/runner-messages.ts';
import type { SessionOptions } from './run-options.ts';

/** Hands questions of connections to the command. Without anybody who answers there is no answer: the connection says what that means. */
export function askFor(ask: SessionOptions['ask']): (request: AskRequest, signal: AbortSignal) => Promise<string | undefined> {
  return async (request, signal) => await ask?.(request, signal);
}
