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

/** The payload in a buffer of its own, so that it can be moved to the other thread. */
function owned(payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer } = payload;
  const isWhole = buffer instanceof ArrayBuffer && buffer.byteLength === payload.byteLength;
  return isWhole ? new Uint8Array(buffer) : new Uint8Array(payload);
}

/** Posts a message whose payload is moved, not copied. */
export function postMoved<T extends ToBroker | ToMain>(port: MessagePort, payload: Uint8Array, build: (payload: Uint8Array) => T): void {
  const moved = owned(payload);
  port.postMessage(build(moved), [moved.buffer]);
}
