import type { MessageEnd } from '../../../platform/links/thread.ts';
import type { PendingCall, PlainError } from '../../journal/runner/runner-messages.ts';

/** What the broker thread of a runner is started with. */
export interface BrokerData {
  readonly words: SharedArrayBuffer;
  /** The way for contexts: the main thread has the other end. */
  readonly contexts: MessageEnd;
}

/** Broker to main. */
export type ToMain =
  | { readonly t: 'park'; readonly graceMs: number }
  | { readonly t: 'cancel'; readonly graceMs: number }
  | { readonly t: 'answer'; readonly id: number; readonly value?: unknown; readonly error?: PlainError | undefined };

/** Main to broker. */
export type ToBroker =
  | { readonly t: 'start'; readonly session: string; readonly env: Readonly<Record<string, string>> }
  /** The program may open contexts: whoever serves them is loaded. */
  | { readonly t: 'contexts' }
  | { readonly t: 'parked'; readonly unfinished: readonly PendingCall[] }
  /** A request to the owner that has an answer: `handle` names its kind. */
  | { readonly t: 'request'; readonly id: number; readonly handle: number; readonly value: unknown };

/** Of a message of the other thread, which runs our own code too: only its kind is looked at. */
export function messageKind(message: unknown): string | undefined {
  return typeof message === 'object' && message !== null && 't' in message && typeof message.t === 'string' ? message.t : undefined;
}
