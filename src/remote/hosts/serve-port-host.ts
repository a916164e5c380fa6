import { deferred, type Deferred } from '../../base/deferred.ts';
import { toError } from '../../base/errors/errors.ts';
import type { MessageEnd } from '../../platform/links/thread.ts';
import { decodeValue } from '../../wire/values/value-decode.ts';
import { encodeToBytes } from '../../wire/values/value-encode.ts';
import type { Ask } from '../connect/index.ts';
import type { Host } from './host.ts';
import { moved, type ToMain, type ToThread } from './port-messages.ts';

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
