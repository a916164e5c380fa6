import { ResproutError } from '../base/errors.ts';
import type { AskRequest } from '../durable/journal/runner-messages.ts';
import type { SessionOptions } from './run-options.ts';

/** Hands questions of connections to the command; without anybody who answers they fail. */
export function askFor(ask: SessionOptions['ask']): (request: AskRequest, signal: AbortSignal) => Promise<string | undefined> {
  return (request, signal) => {
    if (ask !== undefined) return ask(request, signal);
    return Promise.reject(
      new ResproutError('REMOTE_AUTH_NEEDED', `${request.who} asks "${request.text}" and nobody can answer`, {
        tried: `connect to ${request.who}`,
        saw: request.text,
      }),
    );
  };
}
