// An answer as it comes, outside of the session. It begins as the result of a call: kept until its end, then recorded as one value. When its end
// does not come soon it is open from then on: what has come is the result of the call, what comes is events of a conversation.
import { realClock } from '../../../../platform/time/clock.ts';
import { LIMITS } from '../../../../wire/index.ts';
import type { Conversation } from '../../../replay/objects/conversation.ts';

/** Bytes of one answer that are not in the journal or not taken by the program, at most. */
const CREDIT_BYTES = 256 * 1024;

/** Types of what is written for a reader that reads along: such an answer has no end that is worth waiting for. */
const READ_ALONG = /^(?:text\/event-stream|multipart\/x-mixed-replace|application\/(?:x-)?(?:ndjson|jsonl|json-lines|json-seq))\b/i;

/** How a body is slowed down and ended. */
export interface AnswerSource {
  pause(): void;
  resume(): void;
  /** Ends the connection, if it goes on. */
  stop(): void;
}

/** What there was of an answer when it ended or was opened. @template End what is known at its end, such as trailers */
export type Gathered<End> =
  | { readonly how: 'ended'; readonly body: Buffer; readonly end: End }
  | { readonly how: 'broken'; readonly body: Buffer; readonly error: unknown }
  | { readonly how: 'open'; readonly body: Buffer };

/** Whether an answer of this type is open from its head on. */
export const isReadAlong = (contentType: unknown): boolean => typeof contentType === 'string' && READ_ALONG.test(contentType.trim());

/** The half outside of one answer. */
export class IncomingAnswer<End> {
  /** Resolves when the call has its result. */
  readonly gathered: Promise<Gathered<End>>;
  readonly #source: AnswerSource;
  readonly #chunks: Uint8Array[] = [];
  readonly #timer: { clear(): void } | undefined;
  /** What happened after it was opened and before the program had its half. */
  readonly #early: [name: string, value: unknown][] = [];
  #resolve: ((gathered: Gathered<End>) => void) | undefined;
  #conversation: Conversation | undefined;
  #bytes = 0;
  #untaken = 0;
  #isPaused = false;
  #isOver = false;

  /** @param contentType of the answer, which decides whether its end is waited for */
  constructor(source: AnswerSource, contentType: unknown) {
    this.#source = source;
    this.gathered = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    if (isReadAlong(contentType)) this.#open();
    else this.#timer = realClock.after(LIMITS.wholeAnswerMs, () => this.#open(), { background: true });
  }

  // Of who makes the request.

  data(chunk: Uint8Array): void {
    if (this.#isOver) return;
    this.#bytes += chunk.length;
    if (this.#resolve !== undefined) {
      this.#chunks.push(chunk);
      if (this.#bytes > LIMITS.wholeAnswerBytes) this.#open();
      return;
    }
    this.#untaken += chunk.length;
    if (this.#conversation === undefined) this.#early.push(['data', chunk]);
    else this.#conversation.arriveData('data', chunk);
    if (this.#untaken >= CREDIT_BYTES) this.#pause();
  }

  end(end: End): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (this.#resolve === undefined) this.#arrive('end', end);
    else this.#settle({ how: 'ended', body: Buffer.concat(this.#chunks), end });
  }

  fail(error: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (this.#resolve === undefined) this.#arrive('error', error);
    else this.#settle({ how: 'broken', body: Buffer.concat(this.#chunks), error });
  }

  #open(): void {
    if (this.#resolve === undefined || this.#isOver) return;
    // It is read ahead by a little, as a socket is: an error would take with it what nobody has read.
    if (this.#bytes >= CREDIT_BYTES) this.#pause();
    this.#settle({ how: 'open', body: Buffer.concat(this.#chunks) });
  }

  #settle(gathered: Gathered<End>): void {
    this.#timer?.clear();
    this.#chunks.length = 0;
    this.#resolve?.(gathered);
    this.#resolve = undefined;
  }

  #arrive(name: string, value: unknown): void {
    if (this.#conversation === undefined) this.#early.push([name, value]);
    else this.#conversation.arrive(name, value);
  }

  #pause(): void {
    this.#isPaused = true;
    this.#source.pause();
  }

  // Of the program's half.

  /** From now on what comes goes to the program. */
  attach(conversation: Conversation): void {
    this.#conversation = conversation;
    for (const [name, value] of this.#early.splice(0))
      if (name === 'data') conversation.arriveData(name, value as Uint8Array);
      else conversation.arrive(name, value);
  }

  /** What broke off is told as an event, after what had come. */
  breakOff(error: unknown): void {
    this.#arrive('error', error);
  }

  /** The program wants to read. @param taken bytes that it was given since it said so last */
  ask(taken: number): void {
    this.#untaken = Math.max(0, this.#untaken - taken);
    if (!this.#isPaused || this.#isOver || this.#untaken >= CREDIT_BYTES) return;
    this.#isPaused = false;
    this.#source.resume();
  }

  stop(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#source.stop();
  }
}
