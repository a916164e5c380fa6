import { errorOfPlain, parsePlainError, type PendingCall } from '../../journal/runner/runner-messages.ts';
import { messageChannel, startThread, type MessageEnd, type Thread } from '../../../platform/links/thread.ts';
import { messageKind, type BrokerData, type ToBroker, type ToMain } from './broker-messages.ts';
import type { SharedWords } from './shared-words.ts';

/** Heap of the broker thread: tables of far contexts, and module batches on their way. */
const HEAP_MB = 512;

export interface BrokerHandlers {
  onPark(graceMs: number): void;
  onCancel(graceMs: number): void;
  /** The thread has ended: nobody would notice the end of the owner any more. */
  onEnd(): void;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** The main thread's side of the broker thread. Made before the program is loaded; its start is not waited for. */
export class BrokerClient {
  /** The main thread's end of the way for contexts. */
  readonly #contexts: MessageEnd;
  readonly #thread: Thread;
  readonly #waiting = new Map<number, Waiting>();
  #next = 1;

  constructor(words: SharedWords, handlers: BrokerHandlers) {
    const [ours, theirs] = messageChannel();
    this.#contexts = ours;
    const data: BrokerData = { words: words.buffer, contexts: theirs };
    const file = new URL(import.meta.url.endsWith('.ts') ? '../broker.ts' : '../broker.js', import.meta.url);
    this.#thread = startThread(file, { data, transfer: [theirs], heapMb: HEAP_MB });
    this.#thread.onEnd(() => handlers.onEnd());
    this.#thread.onMessage((message) => {
      if (messageKind(message) === undefined) return;
      const order = message as ToMain;
      if (order.t === 'park') handlers.onPark(order.graceMs);
      else if (order.t === 'cancel') handlers.onCancel(order.graceMs);
      else this.#answer(order);
    });
  }

  started(session: string, env: Readonly<Record<string, string>>): void {
    this.#post({ t: 'start', session, env });
  }

  /** The way to the contexts of this process, which the broker serves from here on. */
  serveContexts(): MessageEnd {
    this.#post({ t: 'contexts' });
    return this.#contexts;
  }

  parked(unfinished: readonly PendingCall[]): void {
    this.#post({ t: 'parked', unfinished });
  }

  /** Asks the owner. @throws ResproutError as the owner gives it */
  ask(handle: number, value: unknown): Promise<unknown> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#post({ t: 'request', id, handle, value });
    });
  }

  #post(message: ToBroker): void {
    this.#thread.post(message);
  }

  #answer({ id, value, error }: Extract<ToMain, { t: 'answer' }>): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    this.#waiting.delete(id);
    if (error === undefined) waiting.resolve(value);
    else waiting.reject(errorOfPlain(parsePlainError(error)));
  }
}
