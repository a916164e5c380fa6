// The host of a program whose broker is another thread of its process: both ends. Main asks, the thread owns router, links and processes.
import type { ContextId } from '../base/brand.ts';
import { deferred, type Deferred } from '../base/deferred.ts';
import { toError } from '../base/errors.ts';
import type { MessageEnd } from '../platform/thread.ts';
import { decodeValue } from '../wire/value-decode.ts';
import { encodeToBytes } from '../wire/value-encode.ts';
import { errorClassOf } from './error-class-of.ts';
import type { Message } from './child/core/messages.ts';
import type { Ask, Question } from './connect/index.ts';
import type { ContextFacts, Host, LostReport, OpenRequest } from './host.ts';
import type { Ships } from './module-shipping.ts';

/** From main to the thread. `n` numbers requests that have an answer. */
type ToThread =
  | { readonly t: 'open'; readonly n: number; readonly request: OpenRequest; readonly canAsk: boolean }
  | { readonly t: 'abort'; readonly n: number; readonly reason: Uint8Array }
  | { readonly t: 'close'; readonly n: number; readonly id: ContextId; readonly graceMs: number }
  | { readonly t: 'send'; readonly message: Omit<Message, 'src'>; readonly ships: Ships | undefined }
  | { readonly t: 'said'; readonly n: number; readonly question: number; readonly text: string | undefined };

/** From the thread to main. */
type ToMain =
  | { readonly t: 'opened'; readonly n: number; readonly facts: ContextFacts }
  | { readonly t: 'failed'; readonly n: number; readonly error: Uint8Array }
  | { readonly t: 'closed'; readonly n: number }
  | { readonly t: 'message'; readonly message: Message }
  | { readonly t: 'lost'; readonly id: ContextId; readonly report: LostReport }
  | { readonly t: 'ask'; readonly n: number; readonly number: number; readonly question: Question };

function moved(payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer } = payload;
  const isWhole = buffer instanceof ArrayBuffer && buffer.byteLength === payload.byteLength;
  return isWhole ? new Uint8Array(buffer) : new Uint8Array(payload);
}

/**
 * Serves the contexts of the main thread from the broker's thread. The other end is `portHost`.
 * @param host the host of this thread, such as `localHost(…)`; its handlers are set here
 */
export function servePortHost(port: MessageEnd, host: Host): void {
  const opening = new Map<number, AbortController>();
  const questions = new Map<number, Deferred<string | undefined>>();
  let nextQuestion = 1;
  const post = (message: ToMain): void => port.postMessage(message);

  const ask =
    (n: number): Ask =>
    (question, signal) => {
      const number = nextQuestion++;
      const answer = deferred<string | undefined>();
      questions.set(number, answer);
      signal.addEventListener('abort', () => answer.resolve(undefined), { once: true });
      post({ t: 'ask', n, number, question });
      return answer.promise.finally(() => questions.delete(number));
    };

  const open = async ({ n, request, canAsk }: Extract<ToThread, { t: 'open' }>): Promise<void> => {
    const controller = new AbortController();
    opening.set(n, controller);
    try {
      post({ t: 'opened', n, facts: await host.open(request, controller.signal, canAsk ? ask(n) : undefined) });
    } catch (error) {
      post({ t: 'failed', n, error: encodeToBytes(toError(error)) });
    } finally {
      opening.delete(n);
    }
  };

  port.on('message', (order: ToThread) => {
    if (order.t === 'send') host.send(order.message, order.ships);
    else if (order.t === 'open') void open(order);
    else if (order.t === 'abort') opening.get(order.n)?.abort(decodeValue(order.reason));
    else if (order.t === 'close') void host.close(order.id, order.graceMs).then(() => post({ t: 'closed', n: order.n }));
    else questions.get(order.question)?.resolve(order.text);
  });
  host.onMessage((message) => {
    const payload = moved(message.payload);
    port.postMessage({ t: 'message', message: { ...message, payload } } satisfies ToMain, [payload.buffer]);
  });
  host.onLost((id, report) => post({ t: 'lost', id, report }));
}

/** The host of the main thread; the other end is `servePortHost`. @param id of this process in the tree */
export function portHost(port: MessageEnd, id: ContextId): Host {
  const waiting = new Map<number, Deferred<ContextFacts | undefined>>();
  const asks = new Map<number, { readonly ask: Ask; readonly signal: AbortSignal }>();
  let next = 1;
  let onMessage: ((message: Message) => void) | undefined;
  let onLost: ((lost: ContextId, report: LostReport) => void) | undefined;
  const post = (message: ToThread): void => port.postMessage(message);
  const settle = (n: number, how: (waiter: Deferred<ContextFacts | undefined>) => void): void => {
    const waiter = waiting.get(n);
    waiting.delete(n);
    if (waiter !== undefined) how(waiter);
  };
  const onAsk = async ({ n, number, question }: Extract<ToMain, { t: 'ask' }>): Promise<void> => {
    const asked = asks.get(n);
    // A callback that throws has not answered: the tool's question ends the connect with its own error.
    const text = await asked?.ask(question, asked.signal).catch(() => undefined);
    post({ t: 'said', n, question: number, text });
  };

  port.on('message', (order: ToMain) => {
    if (order.t === 'message') onMessage?.(order.message);
    else if (order.t === 'lost') onLost?.(order.id, order.report);
    else if (order.t === 'opened') settle(order.n, (waiter) => waiter.resolve(order.facts));
    else if (order.t === 'closed') settle(order.n, (waiter) => waiter.resolve(undefined));
    else if (order.t === 'failed') settle(order.n, (waiter) => waiter.reject(decodeValue(order.error, { errorClass: errorClassOf })));
    else void onAsk(order);
  });
  port.unref();

  return {
    id,
    async open(request, signal, ask) {
      signal.throwIfAborted();
      const n = next++;
      const answer = deferred<ContextFacts | undefined>();
      waiting.set(n, answer);
      if (ask !== undefined) asks.set(n, { ask, signal });
      const onAbort = (): void => post({ t: 'abort', n, reason: encodeToBytes(toError(signal.reason)) });
      signal.addEventListener('abort', onAbort, { once: true });
      post({ t: 'open', n, request, canAsk: ask !== undefined });
      try {
        const facts = await answer.promise;
        if (facts === undefined) throw new TypeError('an opening was answered as a closing');
        return facts;
      } finally {
        signal.removeEventListener('abort', onAbort);
        asks.delete(n);
      }
    },
    async close(context, graceMs) {
      const n = next++;
      const answer = deferred<ContextFacts | undefined>();
      waiting.set(n, answer);
      post({ t: 'close', n, id: context, graceMs });
      await answer.promise;
    },
    send(message, ships) {
      const payload = moved(message.payload);
      port.postMessage({ t: 'send', message: { ...message, payload }, ships } satisfies ToThread, [payload.buffer]);
    },
    onMessage: (handler) => {
      onMessage = handler;
    },
    onLost: (handler) => {
      onLost = handler;
    },
    hold: (isBusy) => {
      if (isBusy) port.ref();
      else port.unref();
    },
  };
}
