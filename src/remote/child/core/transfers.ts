// Cuts large messages into pieces and puts them together again, so that a big transfer never blocks a small message on the same link.
// Invariants:
//   T1. At most WINDOW bytes of one transfer are under way; the receiver gives back what it took.
//   T2. A full link stops all transfers until it drains; small messages pass at any time.
//   T3. Messages to one answer mailbox keep their order, also behind a large one.
//   T4. What a sender announces is not allocated; what one sender may have unfinished here is bounded.
import type { ContextId } from '../../../base/brand.ts';
import type { Frame } from '../../../wire/frame.ts';
import { FIRST_DYNAMIC_HANDLE, HANDLE } from '../../../wire/handles.ts';
import { LIMITS } from '../../../wire/limits.ts';
import { encodeToBytes } from '../../../wire/value-encode.ts';
import type { Message } from './messages.ts';
import { countOf, fieldsOf } from './parse.ts';
import type { Origin } from './router.ts';

const WINDOW_BYTES = LIMITS.channelWindowBytes;
/** Transfers that one context may have begun and not ended, count. */
const UNFINISHED = 256;

type Outgoing = Omit<Message, 'src'>;

interface Sending {
  readonly id: number;
  readonly message: Outgoing;
  sentBytes: number;
  creditBytes: number;
  /** Messages to the same answer mailbox that must come after it. */
  readonly behind: Outgoing[];
}

interface Receiving {
  readonly message: Message;
  readonly totalBytes: number;
  readonly pieces: Uint8Array[];
  heldBytes: number;
}

/** What transfers need: `send` gives false when the link is full. */
export interface TransferPorts {
  send(frame: Omit<Frame, 'src' | 'auth'>): boolean;
  deliver(message: Message, origin: Origin): void;
}

/** The transfers of one process, both ways. Owned by its router. */
export class Transfers {
  readonly #ports: TransferPorts;
  readonly #sending = new Map<number, Sending>();
  readonly #receiving = new Map<string, Receiving>();
  #nextId = 1;
  #isFull = false;

  constructor(ports: TransferPorts) {
    this.#ports = ports;
  }

  /** Sends a message, at once when it is small. */
  send(message: Outgoing): void {
    if (message.handle >= FIRST_DYNAMIC_HANDLE) {
      for (const other of this.#sending.values()) {
        if (other.message.handle !== message.handle || other.message.dst !== message.dst) continue;
        other.behind.push(message);
        return;
      }
    }
    const { dst, handle, replyTo, payload } = message;
    if (payload.length <= LIMITS.chunkBytes) {
      this.#ports.send(message);
      return;
    }
    const id = this.#nextId++;
    const head = encodeToBytes({ id, handle, replyTo, bytes: payload.length });
    this.#ports.send({ dst, handle: HANDLE.TRANSFER, replyTo: 0, payload: head });
    this.#sending.set(id, { id, message, sentBytes: 0, creditBytes: WINDOW_BYTES, behind: [] });
    this.#pump();
  }

  /** A link takes data again. */
  resume(): void {
    this.#isFull = false;
    this.#pump();
  }

  /** A context is gone: nothing to it or from it is finished any more. */
  forget(id: ContextId): void {
    for (const [key, sending] of this.#sending) if (sending.message.dst === id) this.#sending.delete(key);
    for (const key of this.#receiving.keys()) if (key.startsWith(`${id}/`)) this.#receiving.delete(key);
  }

  /** Takes the frames of transfers. False: it is another message. */
  receive(message: Message, origin: Origin): boolean {
    if (message.handle === HANDLE.TRANSFER) this.#begin(message);
    else if (message.handle === HANDLE.TRANSFER_DATA) this.#piece(message, origin);
    else if (message.handle === HANDLE.TRANSFER_CREDIT) this.#credit(message);
    else return false;
    return true;
  }

  /** One piece of each transfer in turn, while there is credit and room. */
  #pump(): void {
    for (let moved = true; moved && !this.#isFull;) {
      moved = false;
      for (const sending of this.#sending.values()) {
        const { message, creditBytes } = sending;
        const bytes = Math.min(LIMITS.chunkBytes, creditBytes, message.payload.length - sending.sentBytes);
        if (bytes <= 0) continue;
        const piece = new Uint8Array(4 + bytes);
        new DataView(piece.buffer).setUint32(0, sending.id);
        piece.set(message.payload.subarray(sending.sentBytes, sending.sentBytes + bytes), 4);
        sending.sentBytes += bytes;
        sending.creditBytes -= bytes;
        moved = true;
        this.#isFull = !this.#ports.send({ dst: message.dst, handle: HANDLE.TRANSFER_DATA, replyTo: 0, payload: piece });
        if (sending.sentBytes === message.payload.length) this.#finish(sending);
        if (this.#isFull) return;
      }
    }
  }

  #finish(sending: Sending): void {
    this.#sending.delete(sending.id);
    for (const message of sending.behind) this.send(message);
  }

  #begin(message: Message): void {
    const fields = fieldsOf(message.payload);
    const totalBytes = countOf(fields, 'bytes', LIMITS.framePayloadBytes);
    const prefix = `${message.src}/`;
    let unfinished = 0;
    let announced = totalBytes;
    for (const [key, other] of this.#receiving) {
      if (!key.startsWith(prefix)) continue;
      unfinished++;
      announced += other.totalBytes;
    }
    // An honest sender stays far below; its answer mailbox is told, the rest of its pieces finds no transfer.
    if (unfinished >= UNFINISHED || announced > LIMITS.routerBufferBytes * 4) return;
    const whole: Message = { ...message, handle: countOf(fields, 'handle'), replyTo: countOf(fields, 'replyTo') };
    this.#receiving.set(`${prefix}${countOf(fields, 'id')}`, { message: whole, totalBytes, pieces: [], heldBytes: 0 });
  }

  #piece(message: Message, origin: Origin): void {
    const { payload, src } = message;
    if (payload.length < 5) return;
    const id = new DataView(payload.buffer, payload.byteOffset, 4).getUint32(0);
    const key = `${src}/${id}`;
    const receiving = this.#receiving.get(key);
    if (receiving === undefined) return;
    const piece = payload.subarray(4);
    receiving.pieces.push(piece);
    receiving.heldBytes += piece.length;
    if (receiving.heldBytes < receiving.totalBytes) {
      const credit = new Uint8Array(8);
      const view = new DataView(credit.buffer);
      view.setUint32(0, id);
      view.setUint32(4, piece.length);
      this.#ports.send({ dst: src, handle: HANDLE.TRANSFER_CREDIT, replyTo: 0, payload: credit });
      return;
    }
    this.#receiving.delete(key);
    if (receiving.heldBytes > receiving.totalBytes) return;
    const whole = new Uint8Array(receiving.totalBytes);
    let at = 0;
    for (const each of receiving.pieces) {
      whole.set(each, at);
      at += each.length;
    }
    this.#ports.deliver({ ...receiving.message, payload: whole }, origin);
  }

  #credit(message: Message): void {
    const { payload, src } = message;
    if (payload.length !== 8) return;
    const view = new DataView(payload.buffer, payload.byteOffset, 8);
    const sending = this.#sending.get(view.getUint32(0));
    if (sending === undefined || sending.message.dst !== src) return;
    sending.creditBytes = Math.min(sending.creditBytes + view.getUint32(4), WINDOW_BYTES);
    this.#pump();
  }
}
