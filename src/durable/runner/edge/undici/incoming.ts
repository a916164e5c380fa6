// A handler of a request that is made outside: it takes the answer, in the form that this copy of undici speaks.
import type { Socket } from 'node:net';
import { IncomingAnswer, type AnswerSource } from '../answers/incoming-answer.ts';
import { NativeStream } from '../../puppets/socket/native-stream.ts';
import { connectionFacts } from '../../puppets/socket/puppet-socket.ts';
import type { AnswerEnd, Controller, Handler, UndiciAnswer, UndiciUpgrade } from './handlers.ts';

/** What was asked, and the half outside of what goes on. */
export type Asked =
  | { readonly answer: UndiciAnswer; readonly incoming: IncomingAnswer<AnswerEnd> }
  | { readonly answer: UndiciUpgrade; readonly connection: NativeStream };

/** What is done with a request that is made outside. */
export interface Outcome {
  /** Told how the request can be stopped. */
  begun(abort: (reason: Error) => void): void;
  done(asked: Asked): void;
  failed(error: unknown): void;
}

type Head = Pick<UndiciAnswer, 'status' | 'message' | 'rawHeaders' | 'headers'>;

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const texts = (raw: unknown): string[] =>
  Array.isArray(raw) ? raw.map((one) => (Buffer.isBuffer(one) ? one.toString('latin1') : String(one))) : [];

function contentType({ rawHeaders, headers }: Head): unknown {
  const at = rawHeaders.findIndex((text, i) => i % 2 === 0 && text.toLowerCase() === 'content-type');
  return at < 0 ? headers['content-type'] : rawHeaders[at + 1];
}

/** One answer. An answer that breaks off is one that goes on, so that its head comes, and the error is the body's. */
class Taking {
  readonly #outcome: Outcome;
  #incoming: IncomingAnswer<AnswerEnd> | undefined;

  constructor(outcome: Outcome) {
    this.#outcome = outcome;
  }

  head(head: Head, source: AnswerSource): void {
    const incoming = new IncomingAnswer<AnswerEnd>(source, contentType(head));
    this.#incoming = incoming;
    void incoming.gathered.then((gathered) => {
      const { body } = gathered;
      const end = gathered.how === 'ended' ? gathered.end : { rawTrailers: [], trailers: {} };
      if (gathered.how === 'broken') incoming.breakOff(gathered.error);
      this.#outcome.done({ answer: { ...head, body, ...end, ...(gathered.how === 'ended' ? {} : { isOpen: true }) }, incoming });
    });
  }

  data(chunk: unknown): void {
    // undici uses its memory again.
    this.#incoming?.data(Buffer.from(chunk as Uint8Array));
  }

  end(end: AnswerEnd): void {
    this.#incoming?.end(end);
  }

  upgrade(head: Omit<Head, 'message'>, socket: Socket): void {
    const answer: UndiciUpgrade = { ...head, isUpgrade: true, facts: connectionFacts(socket) };
    this.#outcome.done({ answer, connection: new NativeStream(socket) });
  }

  fail(error: unknown): void {
    if (this.#incoming === undefined) this.#outcome.failed(error);
    else this.#incoming.fail(error);
  }
}

/** How undici's newer form is slowed down and stopped. */
const sourceOf = (controller: Controller): AnswerSource => ({
  pause: () => controller.pause(),
  resume: () => controller.resume(),
  stop: () => controller.abort(new Error('the program wants no more of the answer')),
});

function newForm(taking: Taking, outcome: Outcome): Handler {
  return {
    onRequestStart: (controller) => outcome.begun((reason) => (controller as Controller).abort(reason)),
    onResponseStart(given, status, headers, message) {
      const controller = given as Controller;
      // What comes before the answer itself: 100, 103.
      if (Number(status) < 200) return;
      const rawHeaders = texts(controller.rawHeaders);
      const head = { status: Number(status), message: textOf(message), rawHeaders, headers: headers as UndiciAnswer['headers'] };
      taking.head(head, sourceOf(controller));
    },
    onResponseData: (_controller, chunk) => taking.data(chunk),
    onResponseEnd: (controller, trailers) =>
      taking.end({
        rawTrailers: texts((controller as Controller).rawTrailers),
        trailers: (trailers ?? {}) as UndiciAnswer['trailers'],
      }),
    onResponseError: (_controller, error) => taking.fail(error),
    onRequestUpgrade: (given, status, headers, socket) => {
      const rawHeaders = texts((given as Controller).rawHeaders);
      taking.upgrade({ status: Number(status), rawHeaders, headers: headers as UndiciAnswer['headers'] }, socket as Socket);
    },
  };
}

function oldForm(taking: Taking, outcome: Outcome): Handler {
  let isPaused = false;
  let abort: (reason: Error) => void = () => undefined;
  return {
    onConnect(given) {
      abort = given as typeof abort;
      outcome.begun(abort);
    },
    onHeaders(status, rawHeaders, resume, message) {
      if (Number(status) < 200) return true;
      const head = { status: Number(status), message: textOf(message), rawHeaders: texts(rawHeaders), headers: {} };
      taking.head(head, {
        pause() {
          isPaused = true;
        },
        resume() {
          isPaused = false;
          (resume as () => void)();
        },
        stop: () => abort(new Error('the program wants no more of the answer')),
      });
      return !isPaused;
    },
    onData(chunk) {
      taking.data(chunk);
      return !isPaused;
    },
    onComplete: (trailers) => taking.end({ rawTrailers: texts(trailers), trailers: {} }),
    onError: (error) => taking.fail(error),
    onUpgrade: (status, rawHeaders, socket) =>
      taking.upgrade({ status: Number(status), rawHeaders: texts(rawHeaders), headers: {} }, socket as Socket),
  };
}

/** Makes such a handler. @param isNew whether this copy speaks the newer form */
export function incomingHandler(isNew: boolean, outcome: Outcome): Handler {
  const taking = new Taking(outcome);
  return isNew ? newForm(taking, outcome) : oldForm(taking, outcome);
}
