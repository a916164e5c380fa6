// The host of a program whose broker is another thread of its process. Main asks; the thread owns router, links and processes.
import type { ContextId } from '../../base/brand.ts';
import { deferred, type Deferred } from '../../base/deferred.ts';
import { toError } from '../../base/errors/errors.ts';
import type { MessageEnd } from '../../platform/links/thread.ts';
import { decodeValue } from '../../wire/values/value-decode.ts';
import { encodeToBytes } from '../../wire/values/value-encode.ts';
import type { Message } from '../child/core/messages/messages.ts';
import type { Ask } from '../connect/index.ts';
import { errorClassOf } from './error-class-of.ts';
import type { ContextFacts, Host, LostReport, OpenRequest } from './host.ts';
import type { Ships } from './module-shipping.ts';
import { moved, type ToMain, type ToThread } from './port-messages.ts';

class PortHost implements Host {
  readonly id: ContextId;
  readonly #port: MessageEnd;
  /** Requests that wait for their answer: facts of an opening, nothing of a closing. */
  readonly #waiting = new Map<number, Deferred<ContextFacts | undefined>>();
  readonly #asks = new Map<number, { readonly ask: Ask; readonly signal: AbortSignal }>();
  #next = 1;
  #onMessage: ((message: Message) => void) | undefined;
  #onLost: ((lost: ContextId, report: LostReport) => void) | undefined;

  constructor(port: MessageEnd, id: ContextId) {
    this.id = id;
    this.#port = port;
    port.on('message', (order: ToMain) => this.#take(order));
    port.unref();
  }

  async open(request: OpenRequest, signal: AbortSignal, ask?: Ask): Promise<ContextFacts> {
    signal.throwIfAborted();
    const { n, answer } = this.#request();
    if (ask !== undefined) this.#asks.set(n, { ask, signal });
    const onAbort = (): void => this.#post({ t: 'abort', n, reason: encodeToBytes(toError(signal.reason)) });
    signal.addEventListener('abort', onAbort, { once: true });
    this.#post({ t: 'open', n, request, canAsk: ask !== undefined });
    try {
      const facts = await answer;
      if (facts === undefined) throw new TypeError('an opening was answered as a closing');
      return facts;
    } finally {
      signal.removeEventListener('abort', onAbort);
      this.#asks.delete(n);
    }
  }

  async close(id: ContextId, graceMs: number): Promise<void> {
    const { n, answer } = this.#request();
    this.#post({ t: 'close', n, id, graceMs });
    await answer;
  }

  send(message: Omit<Message, 'src'>, ships?: Ships): void {
    const payload = moved(message.payload);
    this.#port.postMessage({ t: 'send', message: { ...message, payload }, ships } satisfies ToThread, [payload.buffer]);
  }

  onMessage(handler: (message: Message) => void): void {
    this.#onMessage = handler;
  }

  onLost(handler: (lost: ContextId, report: LostReport) => void): void {
    this.#onLost = handler;
  }

  hold(isBusy: boolean): void {
    if (isBusy) this.#port.ref();
    else this.#port.unref();
  }

  #post(message: ToThread): void {
    this.#port.postMessage(message);
  }

  #request(): { readonly n: number; readonly answer: Promise<ContextFacts | undefined> } {
    const n = this.#next++;
    const answer = deferred<ContextFacts | undefined>();
    this.#waiting.set(n, answer);
    return { n, answer: answer.promise };
  }

  #waiterOf(n: number): Deferred<ContextFacts | undefined> | undefined {
    const waiter = this.#waiting.get(n);
    this.#waiting.delete(n);
    return waiter;
  }

  #take(order: ToMain): void {
    switch (order.t) {
      case 'message':
        return this.#onMessage?.(order.message);
      case 'lost':
        return this.#onLost?.(order.id, order.report);
      case 'opened':
        return this.#waiterOf(order.n)?.resolve(order.facts);
      case 'closed':
        return this.#waiterOf(order.n)?.resolve(undefined);
      case 'failed':
        return this.#waiterOf(order.n)?.reject(readError(order.error));
      case 'ask':
        void this.#answer(order);
    }
  }

  async #answer({ n, number, question }: Extract<ToMain, { t: 'ask' }>): Promise<void> {
    const asked = this.#asks.get(n);
    // A callback that throws has not answered: the tool's question ends the connect with its own error.
    const text = await asked?.ask(question, asked.signal).catch(() => undefined);
    this.#post({ t: 'said', n, question: number, text });
  }
}

/** An error of an opening; one that cannot be read is told as such. */
function readError(bytes: Uint8Array): unknown {
  try {
    return decodeValue(bytes, { errorClass: errorClassOf });
  } catch (error) {
    return error;
  }
}

/** The host of the main thread; the other end is `servePortHost`. @param id of this process in the tree */
export function portHost(port: MessageEnd, id: ContextId): Host {
  return new PortHost(port, id);
}
