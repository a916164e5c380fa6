// Async iterables across a link, with back-pressure. The producer runs one step for each step of credit that its reader gives.
import type { ContextId } from '../../../../base/brand.ts';
import type { Written } from '../../../../wire/bytes/byte-writer.ts';
import { encodeToBytes } from '../../../../wire/values/value-encode.ts';
import { ChannelReading, PREFETCH, type ChannelCodec, type ChannelPorts } from './channel-reading.ts';
import type { ChannelStep, Message } from '../messages/messages.ts';
import { parsePull } from '../messages/parse.ts';

/** Channels that one process may have open, count. */
const MOST_CHANNELS = 10_000;

interface Producer {
  readonly peer: ContextId;
  readonly iterator: AsyncIterator<unknown> | Iterator<unknown>;
  readonly encode: (value: unknown) => Uint8Array | Written;
  readonly encodeError: (error: unknown) => Uint8Array;
  credit: number;
  isRunning: boolean;
}

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
    codec: { readonly encode: (value: unknown) => Uint8Array | Written; readonly encodeError: (error: unknown) => Uint8Array },
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

  /** How many have been offered. */
  get issued(): number {
    return this.#next;
  }

  /** The numbers up to this one belong to an earlier controller of a context. */
  skip(issued: number): void {
    this.#next = Math.max(this.#next, issued);
  }

  /** How many a peer may still read. */
  offeredTo(peer: ContextId): number {
    return [...this.#producers.values()].filter((producer) => producer.peer === peer).length;
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
    const send = (kind: ChannelStep['kind'], bytes: Uint8Array | Written): void => {
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
  read(channel: number, peer: ContextId, codec: ChannelCodec): ChannelReading {
    return new ChannelReading(this.#ports, channel, peer, codec);
  }
}
