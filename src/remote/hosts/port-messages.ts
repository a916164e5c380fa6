// What the main thread of a program and the thread of its broker say to each other about contexts.
import type { ContextId } from '../../base/brand.ts';
import type { Message } from '../child/core/messages/messages.ts';
import type { Question } from '../connect/index.ts';
import type { ContextFacts, LostReport, OpenRequest } from './host.ts';
import type { Ships } from './module-shipping.ts';

/** From main to the thread. `n` numbers requests that have an answer. */
export type ToThread =
  | { readonly t: 'open'; readonly n: number; readonly request: OpenRequest; readonly canAsk: boolean }
  | { readonly t: 'abort'; readonly n: number; readonly reason: Uint8Array }
  | { readonly t: 'close'; readonly n: number; readonly id: ContextId; readonly graceMs: number }
  | { readonly t: 'send'; readonly message: Omit<Message, 'src'>; readonly ships: Ships | undefined }
  | { readonly t: 'said'; readonly n: number; readonly question: number; readonly text: string | undefined };

/** From the thread to main. */
export type ToMain =
  | { readonly t: 'opened'; readonly n: number; readonly facts: ContextFacts }
  | { readonly t: 'failed'; readonly n: number; readonly error: Uint8Array }
  | { readonly t: 'closed'; readonly n: number }
  | { readonly t: 'message'; readonly message: Message }
  | { readonly t: 'lost'; readonly id: ContextId; readonly report: LostReport }
  | { readonly t: 'ask'; readonly n: number; readonly number: number; readonly question: Question };

/** The bytes in a buffer of their own, so that it can be handed over. */
export function moved(payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const { buffer } = payload;
  const isWhole = buffer instanceof ArrayBuffer && buffer.byteLength === payload.byteLength;
  return isWhole ? new Uint8Array(buffer) : new Uint8Array(payload);
}
