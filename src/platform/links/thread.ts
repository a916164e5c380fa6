import { MessageChannel, parentPort, Worker, workerData, type MessagePort, type Transferable } from 'node:worker_threads';
import { isError } from '../../base/errors/is-error.ts';

/** The other side of a thread's message channel. */
export interface ThreadPort {
  post(message: unknown, transfer?: readonly Transferable[]): void;
  onMessage(handler: (message: unknown) => void): void;
}

/** One end of a way between two threads; it can be handed to a thread. */
export type MessageEnd = MessagePort;

/** Two ends of a new way. */
export function messageChannel(): readonly [MessageEnd, MessageEnd] {
  const { port1, port2 } = new MessageChannel();
  return [port1, port2];
}

/** A thread that this one started. It does not keep the process alive. */
export interface Thread extends ThreadPort {
  /** Called once when it has ended, for whatever reason. */
  onEnd(handler: (reason: string) => void): void;
}

export interface ThreadOptions {
  readonly data: unknown;
  readonly transfer?: readonly Transferable[] | undefined;
  /** Its heap; a thread that needs more ends. */
  readonly heapMb: number;
}

/** Starts a thread from a file. It needs nothing of this thread's event loop to start. */
export function startThread(file: URL, options: ThreadOptions): Thread {
  const worker = new Worker(file, {
    workerData: options.data,
    transferList: [...(options.transfer ?? [])],
    resourceLimits: { maxOldGenerationSizeMb: options.heapMb, maxYoungGenerationSizeMb: 8 },
  });
  worker.unref();
  let reason: string | undefined;
  worker.on('error', (error: unknown) => {
    reason = isError(error) ? error.message : String(error);
  });
  return {
    post: (message, transfer = []) => worker.postMessage(message, [...transfer]),
    onMessage: (handler) => void worker.on('message', handler),
    onEnd: (handler) => void worker.on('exit', (code) => handler(reason ?? `it ended with code ${code}`)),
  };
}

/** In a thread: what it was started with, and the way to the thread that started it. */
export function threadSelf(): { readonly data: unknown; readonly port: ThreadPort } {
  const port: MessagePort | null = parentPort;
  if (port === null) throw new Error('this is not a thread that startThread has started');
  return {
    data: workerData,
    port: {
      post: (message, transfer = []) => port.postMessage(message, [...transfer]),
      onMessage: (handler) => void port.on('message', handler),
    },
  };
}
