// The reading end of a channel: it gives credit for PREFETCH steps, and renews it as it reads.
import type { ContextId } from '../../../../base/brand.ts';
import { deferred, type Deferred } from '../../../../base/deferred.ts';
import { ResproutError } from '../../../../base/errors/errors.ts';
import { DEAD, HANDLE } from '../../../../wire/frames/handles.ts';
import { encodeToBytes } from '../../../../wire/values/value-encode.ts';
import type { Mailboxes } from '../messages/mailboxes.ts';
import type { ChannelStep, Message } from '../messages/messages.ts';
import { parseStep } from '../messages/parse.ts';

/** Steps that may be under way or unread, count. */
export const PREFETCH = 16;

const MORE = 'a stream of the far side sent more steps than it was asked for';

/** What one end of a channel needs of its thread. */
export interface ChannelPorts {
  readonly mailboxes: Mailboxes;
  send(message: Omit<Message, 'src'>): void;
}

/** How a consumer reads the steps of a channel. */
export interface ChannelCodec {
  decode(bytes: Uint8Array): unknown;
  decodeError(bytes: Uint8Array): unknown;
  /** The error when the other side is gone. */
  lost(): Error;
}

/** An async iterable that is read step by step. */
export type ChannelReader = Required<Pick<AsyncIterator<unknown, unknown>, 'next' | 'return'>>;

/** What a program iterates: a reader as an object of its own. */
export function iterableOf(reader: ChannelReader): AsyncIterableIterator<unknown, unknown> {
  const steps: AsyncIterableIterator<unknown, unknown> = {
    next: () => reader.next(),
    return: (value) => reader.return(value),
    [Symbol.asyncIterator]: () => steps,
  };
  return steps;
}

type Result = IteratorResult<unknown, unknown>;

/** Reads one channel. What a step decodes to is made when it is read, and what it throws is thrown there. */
export class ChannelReading implements ChannelReader {
  readonly #ports: ChannelPorts;
  readonly #channel: number;
  readonly #peer: ContextId;
  readonly #codec: ChannelCodec;
  readonly #handle: number;
  readonly #steps: (() => Result)[] = [];
  readonly #waiting: Deferred<Result>[] = [];
  /** Called once, when no more steps come. */
  onEnd: (() => void) | undefined;
  #granted = 0;
  #hasEnded = false;

  constructor(ports: ChannelPorts, channel: number, peer: ContextId, codec: ChannelCodec) {
    this.#ports = ports;
    this.#channel = channel;
    this.#peer = peer;
    this.#codec = codec;
    this.#handle = ports.mailboxes.open(peer, (message) => this.#onStep(message));
  }

  next(): Promise<Result> {
    const result = deferred<Result>();
    const step = this.#steps.shift();
    if (step !== undefined) settle(result, step);
    else if (this.#hasEnded) result.resolve({ done: true, value: undefined });
    else this.#waiting.push(result);
    this.#grant();
    return result.promise;
  }

  return(value?: unknown): Promise<Result> {
    if (!this.#hasEnded) {
      this.#pull(0, true);
      this.#end(() => ({ done: true, value: undefined }));
    }
    this.#steps.length = 0;
    return Promise.resolve({ done: true, value });
  }

  /** Ends the reading from this side: whoever waits, or reads on, gets the error. */
  abort(error: Error): void {
    this.#steps.length = 0;
    this.#refuse(error);
  }

  #onStep(message: Message): void {
    const codec = this.#codec;
    if (message.replyTo === DEAD) return this.#end(() => fail(codec.lost()));
    const step = this.#read(message);
    if (step === undefined || step.channel !== this.#channel) return;
    const { kind, bytes } = step;
    if (kind === 'next' && this.#granted === 0) return this.#refuse(new ResproutError('REMOTE_PROTOCOL', MORE));
    this.#granted--;
    if (kind === 'next') this.#push(() => ({ done: false, value: codec.decode(bytes) }));
    else if (kind === 'done') this.#end(() => ({ done: true, value: codec.decode(bytes) }));
    else this.#end(() => fail(codec.decodeError(bytes)));
  }

  /** A step that cannot be read ends the stream: what its producer meant is not known any more. */
  #read(message: Message): ChannelStep | undefined {
    try {
      return parseStep(message.payload);
    } catch (error) {
      this.#refuse(error);
      return undefined;
    }
  }

  #refuse(error: unknown): void {
    if (!this.#hasEnded) this.#pull(0, true);
    this.#end(() => fail(error));
  }

  #push(step: () => Result): void {
    const waiter = this.#waiting.shift();
    if (waiter === undefined) this.#steps.push(step);
    else settle(waiter, step);
  }

  #end(last: () => Result): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.onEnd?.();
    this.#ports.mailboxes.close(this.#handle);
    this.#push(last);
    for (const waiter of this.#waiting.splice(0)) waiter.resolve({ done: true, value: undefined });
  }

  #grant(): void {
    const wanted = PREFETCH - this.#granted - this.#steps.length;
    if (this.#hasEnded || wanted < PREFETCH / 2) return;
    this.#granted += wanted;
    this.#pull(wanted, false);
  }

  #pull(credit: number, stop: boolean): void {
    const payload = encodeToBytes({ channel: this.#channel, credit, stop });
    this.#ports.send({ dst: this.#peer, handle: HANDLE.CHANNEL_CREDIT, replyTo: this.#handle, payload });
  }
}

function fail(error: unknown): never {
  throw error;
}

function settle(into: Deferred<Result>, step: () => Result): void {
  try {
    into.resolve(step());
  } catch (error) {
    into.reject(error);
  }
}
