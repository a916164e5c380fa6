// The real request of a `fetch`, outside of the session.
import { headOf, responseFrom, type ResponseBody, type ResponseHead } from '../../../journal/bodies/response-head.ts';
import { real } from '../../globals/real.ts';
import { IncomingAnswer, type AnswerSource } from '../answers/incoming-answer.ts';

/** What is recorded of an answer that goes on: its head, and what had come of it. */
export interface OpenResponse {
  readonly head: ResponseHead;
  readonly begun: Uint8Array;
}

/** What was asked, and the half outside of an answer that goes on. */
export interface Asked {
  readonly result: Response | OpenResponse;
  readonly incoming: IncomingAnswer<undefined> | undefined;
}

type Reader = ReadableStreamDefaultReader<Uint8Array>;

/** Reads a body while it is wanted. */
class BodySource implements AnswerSource {
  readonly #reader: Reader;
  #incoming: IncomingAnswer<undefined> | undefined;
  #isPaused = false;
  #isReading = false;

  constructor(body: ReadableStream<Uint8Array>) {
    this.#reader = body.getReader();
  }

  feed(incoming: IncomingAnswer<undefined>): void {
    this.#incoming = incoming;
    void this.#read();
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    void this.#read();
  }

  stop(): void {
    this.#isPaused = true;
    this.#reader.cancel().catch(() => undefined);
  }

  async #read(): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    try {
      while (!this.#isPaused && this.#incoming !== undefined) {
        const { done, value } = await this.#reader.read();
        if (done) return this.#incoming.end(undefined);
        this.#incoming.data(value);
      }
    } catch (error) {
      this.#incoming?.fail(error);
    } finally {
      this.#isReading = false;
    }
  }
}

/** Asks. An answer that breaks off is one that goes on, so that its head comes, and the error is the body's. */
export async function ask(request: Request): Promise<Asked> {
  const response = await real.fetch(request);
  if (response.body === null) return { result: response, incoming: undefined };
  const source = new BodySource(response.body as ReadableStream<Uint8Array>);
  const incoming = new IncomingAnswer<undefined>(source, response.headers.get('content-type'));
  source.feed(incoming);
  const gathered = await incoming.gathered;
  const head = headOf(response);
  if (gathered.how === 'ended') return { result: responseFrom(head, gathered.body as ResponseBody), incoming: undefined };
  if (gathered.how === 'broken') incoming.breakOff(gathered.error);
  return { result: { head, begun: gathered.body }, incoming };
}
