// A request of undici as one recorded call, also one that ends with a connection for the program: an agent keeps connections of its own, and those
// of outside and of a session must not mix in it. Where all of its dispatchers come together is `dispatch` of their base class; Agent, Pool, Client and
// the global dispatcher of every copy go through it.
import type { Session } from '../../../replay/session/session-api.ts';
import type { NativeStream } from '../../puppets/socket/native-stream.ts';
import { ownRequest } from '../../puppets/net/own-servers.ts';
import type { IncomingAnswer } from '../answers/incoming-answer.ts';
import { Exchange } from './exchange.ts';
import { isNewForm, listenerOf, type AnswerEnd, type Handler } from './handlers.ts';
import { incomingHandler, type Asked } from './incoming.ts';

/** What `dispatch` is given. */
export interface DispatchOptions {
  readonly origin?: unknown;
  readonly path?: string;
  readonly method?: string;
  readonly headers?: unknown;
  readonly body?: unknown;
  readonly upgrade?: unknown;
}

/** undici's own function, called on a dispatcher. */
export type Dispatch = (options: DispatchOptions, handler: Handler) => boolean;

/** A body that the program gives piece by piece is read in the session; others are data. */
async function wholeBody(body: unknown): Promise<unknown> {
  const isPieces = typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
  if (!isPieces || body instanceof Blob) return body;
  const parts: Buffer[] = [];
  for await (const part of body as AsyncIterable<Uint8Array | string>) parts.push(Buffer.from(part as Uint8Array));
  return Buffer.concat(parts);
}

const shownBody = (body: unknown): unknown =>
  typeof body === 'string' || ArrayBuffer.isView(body) || body === null || body === undefined
    ? (body ?? null)
    : Object.prototype.toString.call(body);

/** Headers as the record compares them. */
function shownHeaders(headers: unknown): unknown {
  if (headers === null || headers === undefined) return [];
  if (Array.isArray(headers)) return headers.map(String);
  return Symbol.iterator in Object(headers)
    ? [...(headers as Iterable<unknown>)].map(String)
    : Object.entries(headers as object).map(String);
}

function make(dispatch: Dispatch, options: DispatchOptions, isNew: boolean, signal: AbortSignal): Promise<Asked> {
  return new Promise((resolve, reject) => {
    dispatch(
      options,
      incomingHandler(isNew, {
        begun(abort) {
          if (signal.aborted) abort(signal.reason as Error);
          else signal.addEventListener('abort', () => abort(signal.reason as Error), { once: true });
        },
        done: resolve,
        failed: reject,
      }),
    );
  });
}

// Of what this process asked: a recorded answer has nothing outside.
const incomingOf = (asked: Asked | undefined): IncomingAnswer<AnswerEnd> | undefined =>
  asked !== undefined && 'incoming' in asked ? asked.incoming : undefined;
const connectionOf = (asked: Asked | undefined): NativeStream | undefined =>
  asked !== undefined && 'connection' in asked ? asked.connection : undefined;

/** Makes a request of the program. @param dispatch undici's own, bound to its dispatcher @param outside runs something outside of the session */
export function recordedDispatch(
  session: Session,
  dispatch: Dispatch,
  outside: <T>(run: () => T) => T,
  options: DispatchOptions,
  handler: Handler,
): boolean {
  const site = session.world.site('undici');
  const stopped = new AbortController();
  const exchange = new Exchange(listenerOf(handler), (reason) => outside(() => stopped.abort(reason)));
  const isNew = isNewForm(handler);
  const ask = async (): Promise<void> => {
    try {
      listenerOf(handler).start(exchange);
      const body = await wholeBody(options.body);
      if (exchange.aborted) return;
      const { signal: _signal, ...rest } = options as DispatchOptions & { readonly signal?: unknown };
      const url = `${options.origin === undefined ? '' : String(options.origin as string | URL)}${options.path ?? ''}`;
      let asked: Asked | undefined;
      const answer = await session.world.call({
        fn: 'undici.request',
        args: [options.method, url, shownHeaders(options.headers), shownBody(body)],
        site,
        again: ownRequest(session, options.method ?? 'GET', url),
        async run(_key, signal) {
          asked = await make(dispatch, { ...rest, body }, isNew, AbortSignal.any([signal, stopped.signal]));
          return asked.answer;
        },
      });
      const shown = `${options.method ?? ''} ${url}`;
      if ('isUpgrade' in answer) exchange.giveUpgrade(answer, connectionOf(asked), `connection of ${shown}`);
      else if (answer.isOpen === true)
        exchange.giveOpen(answer, { session, site, shown: `answer to ${shown}`, incoming: incomingOf(asked) });
      else exchange.give(answer);
    } catch (error) {
      exchange.fail(error);
    }
  };
  process.nextTick(() => void ask());
  return true;
}
