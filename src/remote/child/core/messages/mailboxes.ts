import type { ContextId } from '../../../../base/brand.ts';
import { DEAD } from '../../../../wire/frames/handles.ts';
import type { Message } from './messages.ts';

/** Mailboxes of the program's thread begin here; below are those of the broker. */
export const FIRST_MAIN_HANDLE = 0x4000_0000;

type Handler = (message: Message) => void;

/** Answer mailboxes of one thread: each takes messages of one context only, and negative answers of its own router. */
export class Mailboxes {
  readonly #self: ContextId;
  readonly #open = new Map<number, { readonly respondent: ContextId; readonly handler: Handler }>();
  #next = FIRST_MAIN_HANDLE;

  /** @param self id of this process */
  constructor(self: ContextId) {
    this.#self = self;
  }

  open(respondent: ContextId, handler: Handler): number {
    const handle = this.#next++;
    this.#open.set(handle, { respondent, handler });
    return handle;
  }

  /** How many have been opened. */
  get issued(): number {
    return this.#next - FIRST_MAIN_HANDLE;
  }

  /** The numbers up to this one belong to an earlier controller of a context: its late answers come there. */
  skip(issued: number): void {
    this.#next = Math.max(this.#next, FIRST_MAIN_HANDLE + issued);
  }

  close(handle: number): void {
    this.#open.delete(handle);
  }

  /** Hands a message over. False: there is no such mailbox, or it is not for this sender. */
  receive(message: Message): boolean {
    const entry = this.#open.get(message.handle);
    if (entry === undefined) return false;
    const isOwnDead = message.replyTo === DEAD && message.src === this.#self;
    if (entry.respondent !== message.src && !isOwnDead) return false;
    entry.handler(message);
    return true;
  }

  /** Tells all who wait for a context that it is gone. */
  lost(id: ContextId): void {
    for (const [handle, { respondent, handler }] of this.#open) {
      if (respondent === id) handler({ dst: this.#self, src: id, handle, replyTo: DEAD, payload: new Uint8Array(0) });
    }
  }
}
