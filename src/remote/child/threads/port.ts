// What the two threads of a far process say to each other.
import type { MessagePort } from 'node:worker_threads';
import type { ContextId } from '../../../base/brand.ts';
import type { LogLevel } from '../../../base/seams/log.ts';
import type { Message, SetupMessage } from '../core/messages/messages.ts';

/** Words of the shared memory: messages posted to main, and whether the last words have left. */
export const WORD = { POSTED: 0, FLUSHED: 1 } as const;

/** From main to the broker. */
export type ToBroker =
  | { readonly kind: 'send'; readonly message: Omit<Message, 'src'> }
  | { readonly kind: 'log'; readonly level: LogLevel; readonly text: string }
  /** Main has heard of the shutdown. */
  | { readonly kind: 'stopping' }
  /** Last words: they leave, then FLUSHED is set. */
  | { readonly kind: 'exit'; readonly payload: Uint8Array };

/** From the broker to main. */
export type ToMain =
  | { readonly kind: 'setup'; readonly id: ContextId; readonly setup: SetupMessage }
  | { readonly kind: 'message'; readonly message: Message }
  /** The second part of the core, compressed. */
  | { readonly kind: 'text'; readonly bytes: Uint8Array }
  | { readonly kind: 'stop' };

/** What the broker thread is started with. */
export interface BrokerData {
  readonly port: MessagePort;
  readonly words: Int32Array;
  readonly stdio: 'duplex' | 'split';
}

/** Payloads from here on are moved to the other thread; below it the copy costs less than the move. */
const MOVED_BYTES = 32_768;

function payloadOf(order: ToBroker | ToMain): Uint8Array | undefined {
  return order.kind === 'send' || order.kind === 'message' ? order.message.payload : order.kind === 'text' ? order.bytes : undefined;
}

/** The order with a payload in a buffer of its own: a view would take all that its buffer holds across. */
function owned<T extends ToBroker | ToMain>(order: T): T {
  const payload = payloadOf(order);
  if (payload === undefined || payload.buffer.byteLength === payload.byteLength) return order;
  const own = new Uint8Array(payload);
  if (order.kind === 'text') return { ...order, bytes: own };
  return order.kind === 'send' || order.kind === 'message' ? { ...order, message: { ...order.message, payload: own } } : order;
}

/** Orders to the other thread. Those of one turn go together: a post by itself costs more than a small call does otherwise. */
export class Outbox<T extends ToBroker | ToMain> {
  readonly #port: MessagePort;
  readonly #afterPost: () => void;
  #waiting: T[] = [];

  constructor(port: MessagePort, afterPost: () => void = () => {}) {
    this.#port = port;
    this.#afterPost = afterPost;
  }

  /** Posts it when the microtask that runs now is over, with what else is put in until then. */
  put(order: T): void {
    if (this.#waiting.push(owned(order)) === 1) queueMicrotask(() => this.flush());
  }

  /** Posts what waits, now: who is about to block has to. */
  flush(): void {
    const orders = this.#waiting;
    if (orders.length === 0) return;
    this.#waiting = [];
    const large = orders.map(payloadOf).filter((payload) => payload !== undefined && payload.byteLength >= MOVED_BYTES);
    this.#port.postMessage(
      orders,
      large.map((payload) => payload?.buffer as ArrayBuffer),
    );
    this.#afterPost();
  }
}
