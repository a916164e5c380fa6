// The two forms of what undici calls with an answer: `onConnect`, `onHeaders`, … of version 6 and older, `onRequestStart`, … of version 7 and newer.

/** What a request ended with, as the journal keeps it. */
export interface UndiciAnswer {
  readonly status: number;
  readonly message: string;
  /** Name and value in turn, as they came. */
  readonly rawHeaders: readonly string[];
  /** As undici's newer form gives them. */
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Buffer;
  readonly rawTrailers: readonly string[];
  readonly trailers: Readonly<Record<string, string | string[]>>;
}

/** How a request can be stopped and slowed down, as the newer form has it. */
export interface Controller {
  readonly aborted: boolean;
  readonly reason: Error | null;
  readonly paused: boolean;
  rawHeaders?: readonly Buffer[];
  rawTrailers?: readonly Buffer[];
  pause(): void;
  resume(): void;
  abort(reason: Error): void;
}

type Call = (...args: unknown[]) => unknown;
/** A handler of either form. */
export type Handler = Readonly<Partial<Record<HandlerMethod, Call>>>;
type HandlerMethod =
  | 'onConnect'
  | 'onHeaders'
  | 'onData'
  | 'onComplete'
  | 'onError'
  | 'onRequestStart'
  | 'onResponseStart'
  | 'onResponseData'
  | 'onResponseEnd'
  | 'onResponseError';

/** What is told to whoever asked, in one form. */
export interface Listener {
  start(controller: Controller): void;
  head(controller: Controller, answer: UndiciAnswer): void;
  data(controller: Controller, chunk: Buffer): void;
  end(controller: Controller, answer: UndiciAnswer): void;
  error(controller: Controller, error: unknown): void;
}

export const isNewForm = (handler: Handler): boolean => typeof handler.onRequestStart === 'function';

const buffers = (texts: readonly string[]): Buffer[] => texts.map((text) => Buffer.from(text, 'latin1'));
const texts = (raw: unknown): string[] =>
  Array.isArray(raw) ? raw.map((one) => (Buffer.isBuffer(one) ? one.toString('latin1') : String(one))) : [];

/** Speaks to a handler of the program. */
export function listenerOf(handler: Handler): Listener {
  if (isNewForm(handler))
    return {
      start: (controller) => handler.onRequestStart?.(controller, {}),
      head(controller, { status, headers, message, rawHeaders }) {
        controller.rawHeaders = buffers(rawHeaders);
        handler.onResponseStart?.(controller, status, headers, message);
      },
      data: (controller, chunk) => handler.onResponseData?.(controller, chunk),
      end(controller, { trailers, rawTrailers }) {
        controller.rawTrailers = buffers(rawTrailers);
        handler.onResponseEnd?.(controller, trailers);
      },
      error: (controller, error) => handler.onResponseError?.(controller, error),
    };
  return {
    start: (controller) => handler.onConnect?.((reason: Error) => controller.abort(reason), {}),
    head(controller, { status, rawHeaders, message }) {
      const goesOn = handler.onHeaders?.(status, buffers(rawHeaders), () => controller.resume(), message);
      if (goesOn === false) controller.pause();
    },
    data(controller, chunk) {
      if (handler.onData?.(chunk) === false) controller.pause();
    },
    end: (_controller, { rawTrailers }) => handler.onComplete?.(buffers(rawTrailers)),
    error: (_controller, error) => handler.onError?.(error),
  };
}

/** What is done with a request that is made outside. */
export interface Outcome {
  /** Told how the request can be stopped. */
  begun(abort: (reason: Error) => void): void;
  done(answer: UndiciAnswer): void;
  failed(error: unknown): void;
}

/** A handler that takes a whole answer, in the form that this copy of undici speaks. */
export function collectingHandler(isNew: boolean, outcome: Outcome): Handler {
  const chunks: Buffer[] = [];
  let head = { status: 0, message: '', rawHeaders: [] as readonly string[], headers: {} as UndiciAnswer['headers'] };
  const take = (chunk: unknown): void => void chunks.push(Buffer.from(chunk as Uint8Array));
  const end = (rawTrailers: readonly string[], trailers: UndiciAnswer['trailers']): void =>
    outcome.done({ ...head, body: Buffer.concat(chunks), rawTrailers, trailers });
  if (isNew)
    return {
      onRequestStart: (controller) => outcome.begun((reason) => (controller as Controller).abort(reason)),
      onResponseStart(controller, status, headers, message) {
        const rawHeaders = texts((controller as Controller).rawHeaders);
        head = { status: Number(status), message: textOf(message), rawHeaders, headers: headers as UndiciAnswer['headers'] };
      },
      onResponseData: (_controller, chunk) => take(chunk),
      onResponseEnd: (controller, trailers) =>
        end(texts((controller as Controller).rawTrailers), (trailers ?? {}) as UndiciAnswer['trailers']),
      onResponseError: (_controller, error) => outcome.failed(error),
    };
  return {
    onConnect: (abort) => outcome.begun(abort as (reason: Error) => void),
    onHeaders(status, rawHeaders, _resume, message) {
      // What comes before the answer itself: 100, 103.
      if (Number(status) >= 200) head = { status: Number(status), message: textOf(message), rawHeaders: texts(rawHeaders), headers: {} };
      return true;
    },
    onData(chunk) {
      take(chunk);
      return true;
    },
    onComplete: (trailers) => end(texts(trailers), {}),
    onError: (error) => outcome.failed(error),
  };
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
