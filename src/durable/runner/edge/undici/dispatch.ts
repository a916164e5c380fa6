// A request of undici as one recorded call. Where all of its dispatchers come together is `dispatch` of their base class; Agent, Pool, Client and
// the global dispatcher of every copy go through it.
import type { Session } from '../../../replay/session/session-api.ts';
import { collectingHandler, isNewForm, listenerOf, type Controller, type Handler, type Listener, type UndiciAnswer } from './handlers.ts';

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

/** Whether it begins a conversation: that goes over sockets of the program. */
export const isConversation = ({ method, upgrade }: DispatchOptions): boolean => method === 'CONNECT' || Boolean(upgrade);

class Exchange implements Controller {
  aborted = false;
  reason: Error | null = null;
  paused = false;
  rawHeaders: readonly Buffer[] = [];
  rawTrailers: readonly Buffer[] = [];
  readonly #listener: Listener;
  readonly #stop: (reason: Error) => void;
  #resumed: (() => void) | undefined;
  #isOver = false;

  constructor(listener: Listener, stop: (reason: Error) => void) {
    this.#listener = listener;
    this.#stop = stop;
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
    const resumed = this.#resumed;
    this.#resumed = undefined;
    resumed?.();
  }

  abort(reason: Error): void {
    if (this.aborted || this.#isOver) return;
    this.aborted = true;
    this.reason = reason;
    this.#stop(reason);
    this.fail(reason);
  }

  fail(error: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#listener.error(this, error);
  }

  give(answer: UndiciAnswer): void {
    if (this.#isOver) return;
    try {
      this.#listener.head(this, answer);
      this.#whenFlowing(() => {
        if (answer.body.length > 0) this.#listener.data(this, answer.body);
        this.#whenFlowing(() => {
          this.#isOver = true;
          this.#listener.end(this, answer);
        });
      });
    } catch (error) {
      // As undici does with what a handler throws.
      this.fail(error);
    }
  }

  #whenFlowing(run: () => void): void {
    if (this.#isOver) return;
    if (this.paused) this.#resumed = run;
    else run();
  }
}

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

function make(dispatch: Dispatch, options: DispatchOptions, isNew: boolean, signal: AbortSignal): Promise<UndiciAnswer> {
  return new Promise((resolve, reject) => {
    dispatch(
      options,
      collectingHandler(isNew, {
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
      const answer = await session.world.call({
        fn: 'undici.request',
        args: [
          options.method,
          `${options.origin === undefined ? '' : String(options.origin as string | URL)}${options.path ?? ''}`,
          shownHeaders(options.headers),
          shownBody(body),
        ],
        site,
        run: async (_key, signal) => await make(dispatch, { ...rest, body }, isNew, AbortSignal.any([signal, stopped.signal])),
      });
      exchange.give(answer);
    } catch (error) {
      exchange.fail(error);
    }
  };
  process.nextTick(() => void ask());
  return true;
}
