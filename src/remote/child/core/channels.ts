// Async iterables across a link, with back-pressure. The producer runs one step for each step of credit; the consumer gives credit for
// PREFETCH steps and renews it as it reads.
import type { ContextId } from '../../../base/brand.ts';
import { deferred, type Deferred } from '../../../base/deferred.ts';
import { DEAD, HANDLE } from '../../../wire/handles.ts';
import { encodeToBytes } from '../../../wire/value-encode.ts';
import type { Mailboxes } from './mailboxes.ts';
import type { ChannelStep, Message } from './messages.ts';
import { parsePull, parseStep } from './parse.ts';

const PREFETCH = 16;
/** Channels that one process may have open, count. */
const MOST_CHANNELS = 10_000;

interface Producer {
  readonly peer: ContextId;
  readonly iterator: AsyncIterator<unknown> | Iterator<unknown>;
  readonly encode: (value: unknown) => Uint8Array;
  readonly encodeError: (error: unknown) => Uint8Array;
  credit: number;
  isRunning: boolean;
}

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

/** The channels of one thread, both ends. */
export class Channels {
  readonly #ports: ChannelPorts;
  readonly #producers = new Map<number, Producer>();
  #next = 1;

  constructor(ports: ChannelPorts) {
    this.#ports = ports;
  }

  /** Offers an iterable to a peer; the number goes to it inside a value. */
  offer(
    iterable: object,
    peer: ContextId,
    codec: { readonly encode: (value: unknown) => Uint8Array; readonly encodeError: (error: unknown) => Uint8Array },
  ): number {
    if (this.#producers.size >= MOST_CHANNELS) throw new RangeError(`more than ${MOST_CHANNELS} channels are open`);
    const source = iterable as { [Symbol.asyncIterator]?: () => AsyncIterator<unknown>; [Symbol.iterator]?: () => Iterator<unknown> };
    const iterator = source[Symbol.asyncIterator]?.() ?? source[Symbol.iterator]?.();
    if (iterator === undefined) throw new TypeError('the value is not iterable');
    const channel = this.#next++;
    this.#producers.set(channel, { peer, iterator, ...codec, credit: 0, isRunning: false });
    return channel;
  }

  /** CHANNEL_CREDIT: the peer takes more, or stops. */
  onPull(message: Message): void {
    const pull = parsePull(message.payload);
    const producer = this.#producers.get(pull.channel);
    if (producer === undefined || producer.peer !== message.src) return;
    if (pull.stop === true) {
      this.#stop(pull.channel, producer);
      return;
    }
    producer.credit = Math.min(producer.credit + pull.credit, PREFETCH * 4);
    if (!producer.isRunning) void this.#run(pull.channel, producer, message.replyTo);
  }

  /** A peer is gone: its producers are told by `return`. */
  lost(peer: ContextId): void {
    for (const [channel, producer] of this.#producers) if (producer.peer === peer) this.#stop(channel, producer);
  }

  /** Takes back offers whose value never left. */
  withdraw(channel: number): void {
    const producer = this.#producers.get(channel);
    if (producer !== undefined) this.#stop(channel, producer);
  }

  #stop(channel: number, producer: Producer): void {
    this.#producers.delete(channel);
    // Nobody is left who could be told of an error in a finally block but the process itself: it is reported as unhandled there.
    void (async () => await producer.iterator.return?.())();
  }

  async #run(channel: number, producer: Producer, replyTo: number): Promise<void> {
    producer.isRunning = true;
    const send = (kind: ChannelStep['kind'], bytes: Uint8Array): void => {
      const payload = encodeToBytes({ channel, kind, bytes });
      this.#ports.send({ dst: producer.peer, handle: replyTo, replyTo: 0, payload });
    };
    try {
      while (producer.credit > 0 && this.#producers.has(channel)) {
        producer.credit--;
        const step = await producer.iterator.next();
        if (!this.#producers.has(channel)) return;
        if (step.done === true) {
          this.#producers.delete(channel);
          send('done', producer.encode(step.value));
          return;
        }
        send('next', producer.encode(await step.value));
      }
    } catch (error) {
      const isOpen = this.#producers.has(channel);
      this.#producers.delete(channel);
      if (isOpen) send('error', producer.encodeError(error));
    } finally {
      producer.isRunning = false;
    }
  }

  /** Reads a channel of a peer. */
  read(channel: number, peer: ContextId, codec: ChannelCodec): ChannelReader {
    const steps: (() => IteratorResult<unknown, unknown>)[] = [];
    const waiting: Deferred<IteratorResult<unknown, unknown>>[] = [];
    let granted = 0;
    let hasEnded = false;
    const push = (step: () => IteratorResult<unknown, unknown>): void => {
      const waiter = waiting.shift();
      if (waiter === undefined) steps.push(step);
      else settle(waiter, step);
    };
    const end = (last: () => IteratorResult<unknown, unknown>): void => {
      if (hasEnded) return;
      hasEnded = true;
      this.#ports.mailboxes.close(handle);
      push(last);
      for (const waiter of waiting.splice(0)) waiter.resolve({ done: true, value: undefined });
    };
    const handle = this.#ports.mailboxes.open(peer, (message) => {
      if (message.replyTo === DEAD) {
        end(() => {
          throw codec.lost();
        });
        return;
      }
      const step = parseStep(message.payload);
      if (step.channel !== channel) return;
      granted--;
      if (step.kind === 'next') push(() => ({ done: false, value: codec.decode(step.bytes) }));
      else if (step.kind === 'done') end(() => ({ done: true, value: codec.decode(step.bytes) }));
      else {
        end(() => {
          throw codec.decodeError(step.bytes);
        });
      }
    });
    const pull = (credit: number, stop: boolean): void => {
      const payload = encodeToBytes({ channel, credit, stop });
      this.#ports.send({ dst: peer, handle: HANDLE.CHANNEL_CREDIT, replyTo: handle, payload });
    };
    const grant = (): void => {
      const wanted = PREFETCH - granted - steps.length;
      if (hasEnded || wanted < PREFETCH / 2) return;
      granted += wanted;
      pull(wanted, false);
    };
    return {
      next: () => {
        const result = deferred<IteratorResult<unknown, unknown>>();
        const step = steps.shift();
        if (step !== undefined) settle(result, step);
        else if (hasEnded) result.resolve({ done: true, value: undefined });
        else waiting.push(result);
        grant();
        return result.promise;
      },
      return: (value) => {
        if (!hasEnded) {
          pull(0, true);
          end(() => ({ done: true, value: undefined }));
        }
        steps.length = 0;
        return Promise.resolve({ done: true, value });
      },
    };
  }
}

function settle(into: Deferred<IteratorResult<unknown, unknown>>, step: () => IteratorResult<unknown, unknown>): void {
  try {
    into.resolve(step());
  } catch (error) {
    into.reject(error);
  }
}
