// The two forms of what undici calls with an answer: `onConnect`, `onHeaders`, … of version 6 and older, `onRequestStart`, … of version 7 and newer.

import type { ConnectionFacts } from '../../puppets/socket/puppet-socket.ts';

/** What a request ended with, as the journal keeps it. */
export interface UndiciAnswer {
  readonly status: number;
  readonly message: string;
  /** Name and value in turn, as they came. */
  readonly rawHeaders: readonly string[];
  /** As undici's newer form gives them. */
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Buffer;
  /** Present when it goes on: the rest of it is events. */
  readonly isOpen?: true;
  readonly rawTrailers: readonly string[];
  readonly trailers: Readonly<Record<string, string | string[]>>;
}

/** What is known at the end of an answer. */
export type AnswerEnd = Pick<UndiciAnswer, 'rawTrailers' | 'trailers'>;

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
  | 'onResponseError'
  | 'onUpgrade'
  | 'onRequestUpgrade';

/** A connection that changed its protocol, or that is a tunnel: from now on it belongs to who asked. */
export interface UndiciUpgrade extends Pick<UndiciAnswer, 'status' | 'rawHeaders' | 'headers'> {
  readonly isUpgrade: true;
  readonly facts: ConnectionFacts;
}

/** What is told to whoever asked, in one form. */
export interface Listener {
  start(controller: Controller): void;
  head(controller: Controller, answer: UndiciAnswer): void;
  data(controller: Controller, chunk: Buffer): void;
  end(controller: Controller, end: AnswerEnd): void;
  error(controller: Controller, error: unknown): void;
  upgrade(controller: Controller, upgrade: UndiciUpgrade, socket: object): void;
}

export const isNewForm = (handler: Handler): boolean => typeof handler.onRequestStart === 'function';

const buffers = (texts: readonly string[]): Buffer[] => texts.map((text) => Buffer.from(text, 'latin1'));
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
      upgrade(controller, { status, headers, rawHeaders }, socket) {
        controller.rawHeaders = buffers(rawHeaders);
        handler.onRequestUpgrade?.(controller, status, headers, socket);
      },
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
    upgrade: (_controller, { status, rawHeaders }, socket) => handler.onUpgrade?.(status, buffers(rawHeaders), socket),
  };
}
