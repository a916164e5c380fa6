// Cuts large messages into pieces and puts them together again, so that a big transfer never blocks a small message on the same link.
// Invariants:
//   T1. At most WINDOW bytes of one transfer are under way; the receiver gives back what it took.
//   T2. A full link stops the transfers to whoever is behind it until it drains; small messages pass at any time.
//   T3. Messages to one answer mailbox keep their order, also behind a large one.
//   T4. What a sender announces is not allocated. What one sender has unfinished here is bounded: above HELD_BYTES only its oldest transfer
//       gets credit, so that it ends and makes room. A sender that sends without credit, or in pieces smaller than LIMITS.chunkBytes but
//       for the last one, breaks the protocol: what a piece costs here is bounded by its bytes.
import type { ContextId } from '../../../../base/brand.ts';
import { ResproutError } from '../../../../base/errors/errors.ts';
import type { Frame } from '../../../../wire/frames/frame.ts';
import { DEAD, FIRST_DYNAMIC_HANDLE, HANDLE } from '../../../../wire/frames/handles.ts';
import { LIMITS } from '../../../../wire/limits.ts';
import { encodeToBytes } from '../../../../wire/values/value-encode.ts';
import type { Message } from '../messages/messages.ts';
import type { Origin } from './origin.ts';
import { countOf, fieldsOf } from '../messages/parse.ts';

const WINDOW_BYTES = LIMITS.channelWindowBytes;
/** Transfers that one context may have begun and not ended, count. */
const UNFINISHED = 256;
/** Unfinished bytes of one context above which only its oldest transfer goes on. */
const HELD_BYTES = LIMITS.routerBufferBytes;

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
  /** What the sender may have sent by now. */
  grantedBytes: number;
  /** What was taken and not given back yet, since its sender fills too much memory here. */
  owedBytes: number;
}

/** What transfers need: `send` gives false when the link is full. */
export interface TransferPorts {
  send(frame: Omit<Frame, 'src' | 'auth'>): boolean;
  /** The same, for what the other side asked for. */
  answer(frame: Omit<Frame, 'src' | 'auth'>): void;
  deliver(message: Message, origin: Origin): void;
}

/** The transfers of one process, both ways. Owned by its router. */
export class Transfers {
  readonly #ports: TransferPorts;
  readonly #sending = new Map<number, Sending>();
  readonly #receiving = new Map<string, Receiving>();
  #nextId = 1;
  /** Contexts whose link is full. */
  readonly #full = new Set<number>();

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
    this.#full.clear();
    this.#pump();
  }

  /** A context is gone: nothing to it or from it is finished any more. */
  forget(id: ContextId): void {
    this.#full.delete(id);
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
    for (let moved = true; moved;) {
      moved = false;
      for (const sending of this.#sending.values()) {
        const { message, creditBytes } = sending;
        const bytes = Math.min(LIMITS.chunkBytes, creditBytes, message.payload.length - sending.sentBytes);
        if (bytes <= 0 || this.#full.has(message.dst)) continue;
        const lead = Buffer.alloc(4);
        lead.writeUInt32BE(sending.id);
        const payload = message.payload.subarray(sending.sentBytes, (sending.sentBytes += bytes));
        sending.creditBytes -= bytes;
        moved = true;
        const piece = { dst: message.dst, handle: HANDLE.TRANSFER_DATA, replyTo: 0, payload, lead };
        if (!this.#ports.send(piece)) this.#full.add(message.dst);
        if (sending.sentBytes === message.payload.length) this.#finish(sending);
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
    const whole: Message = { ...message, handle: countOf(fields, 'handle'), replyTo: countOf(fields, 'replyTo') };
    const id = countOf(fields, 'id');
    if (this.#ofSender(message.src).length >= UNFINISHED) {
      this.#refuse(message.src, id, whole);
      return;
    }
    const receiving: Receiving = { message: whole, totalBytes, pieces: [], heldBytes: 0, grantedBytes: WINDOW_BYTES, owedBytes: 0 };
    this.#receiving.set(`${message.src}/${id}`, receiving);
  }

  /** Unfinished transfers of one context, the oldest first. */
  #ofSender(src: ContextId): (readonly [id: number, receiving: Receiving])[] {
    const prefix = `${src}/`;
    const found: (readonly [number, Receiving])[] = [];
    for (const [key, receiving] of this.#receiving) if (key.startsWith(prefix)) found.push([Number(key.slice(prefix.length)), receiving]);
    return found;
  }

  /** Gives back what was taken, as far as the memory of this sender allows. */
  #giveBack(src: ContextId): void {
    const unfinished = this.#ofSender(src);
    let heldBytes = 0;
    for (const [, receiving] of unfinished) heldBytes += receiving.heldBytes;
    for (const [id, receiving] of heldBytes > HELD_BYTES ? unfinished.slice(0, 1) : unfinished) {
      if (receiving.owedBytes === 0) continue;
      this.#giveCredit(src, id, receiving.owedBytes);
      receiving.grantedBytes += receiving.owedBytes;
      receiving.owedBytes = 0;
    }
  }

  /** Too much at once: the sender gives the transfer up, and whoever waits for the message is told. */
  #refuse(src: ContextId, id: number, whole: Message): void {
    this.#giveCredit(src, id, 0);
    const payload = encodeToBytes('too many large messages at once');
    if (whole.handle >= FIRST_DYNAMIC_HANDLE) this.#ports.deliver({ ...whole, replyTo: DEAD, payload }, { auth: src, edge: undefined });
    else if (whole.replyTo !== 0) this.#ports.answer({ dst: src, handle: whole.replyTo, replyTo: DEAD, payload });
  }

  #giveCredit(dst: ContextId, id: number, bytes: number): void {
    const payload = Buffer.alloc(8);
    payload.writeUInt32BE(id);
    payload.writeUInt32BE(bytes, 4);
    this.#ports.answer({ dst, handle: HANDLE.TRANSFER_CREDIT, replyTo: 0, payload });
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
    if (receiving.heldBytes > Math.min(receiving.totalBytes, receiving.grantedBytes))
      throw new ResproutError('REMOTE_PROTOCOL', 'more of a transfer has come than was announced or granted');
    if (piece.length < LIMITS.chunkBytes && receiving.heldBytes < receiving.totalBytes)
      throw new ResproutError('REMOTE_PROTOCOL', `a piece of a transfer has ${piece.length} bytes and is not the last one`);
    receiving.owedBytes += piece.length;
    if (receiving.heldBytes === receiving.totalBytes) this.#receiving.delete(key);
    this.#giveBack(src);
    if (receiving.heldBytes < receiving.totalBytes) return;
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
    const bytes = view.getUint32(4);
    if (bytes === 0) this.#finish(sending);
    sending.creditBytes = Math.min(sending.creditBytes + bytes, WINDOW_BYTES);
    this.#pump();
  }
}
