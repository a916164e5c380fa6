// The body of an answer that goes on, as the program reads it: a stream of bytes as `fetch` has it, fed by events.
import { OpenAnswer, type AnswerReader, type OpenAnswerOptions } from '../answers/open-answer.ts';

export interface BodyStreamOptions extends Omit<OpenAnswerOptions<undefined>, 'reader'> {
  /** What had come when the head was given. */
  readonly begun: Uint8Array;
  /** What aborts it ends its answer too. It is held: its signal follows that of the program while it is there. */
  readonly request: Request;
}

/** As undici says it when a connection ends in the midst of an answer. */
const terminated = (cause: unknown): TypeError => new TypeError('terminated', { cause });

/** Bytes that the stream may take for itself: it hands their memory on. */
const own = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes);

class Body implements AnswerReader<undefined> {
  readonly stream: ReadableStream<Uint8Array>;
  readonly #answer: OpenAnswer<undefined>;
  readonly #request: Request;
  #controller: ReadableByteStreamController | undefined;

  constructor({ begun, request, ...rest }: BodyStreamOptions) {
    this.#request = request;
    this.#answer = new OpenAnswer({ ...rest, reader: this });
    this.stream = new ReadableStream({
      type: 'bytes',
      start: (controller) => {
        this.#controller = controller;
        if (begun.length > 0) controller.enqueue(own(begun));
      },
      pull: () => this.#answer.ask(),
      cancel: () => {
        this.#unlink();
        this.#answer.stop();
      },
    });
    request.signal.addEventListener('abort', this.#aborted, { once: true });
  }

  readonly #aborted = (): void => {
    this.#controller?.error(this.#request.signal.reason);
    this.#answer.stop();
  };

  #unlink(): void {
    this.#request.signal.removeEventListener('abort', this.#aborted);
  }

  data(chunk: Buffer): void {
    this.#controller?.enqueue(own(chunk));
  }

  end(): void {
    this.#unlink();
    this.#controller?.close();
    // A reader with a buffer of its own that waits is told too.
    this.#controller?.byobRequest?.respond(0);
  }

  error(error: unknown, isLost: boolean): void {
    this.#unlink();
    // What the other end did is told as the real stream told it.
    this.#controller?.error(isLost ? terminated(error) : error);
  }
}

/** Makes the stream. */
export const bodyStream = (options: BodyStreamOptions): ReadableStream<Uint8Array> => new Body(options).stream;
