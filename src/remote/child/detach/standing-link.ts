// The parent link of a process that changes its controller: one link to its broker, whatever carries it.
import type { Socket } from 'node:net';
import { FrameReader } from '../../../wire/frames/frame-reader.ts';
import { encodeFrameHeader, type Frame } from '../../../wire/frames/frame.ts';
import { DEAD, HANDLE } from '../../../wire/frames/handles.ts';
import { encodeToBytes } from '../../../wire/values/value-encode.ts';
import { countOf, fieldsOf } from '../core/messages/parse.ts';
import type { FdLink } from '../threads/fd-link.ts';

/** Takes the place of the methods of a link that exists: whoever holds it goes on using it. */
export class StandingLink {
  readonly #link: FdLink;
  readonly #drained: (() => void)[] = [];
  #socket: Socket | undefined;
  #outgoing = new FrameReader({ peer: 'this process' });

  /** @param link the link over the descriptors of the process. It is closed when what was sent has left */
  constructor(link: FdLink) {
    this.#link = link;
    const { close, flush } = link;
    link.onClose(() => undefined);
    flush(() => close());
    Object.defineProperty(link, 'unsentBytes', { get: () => this.#socket?.writableLength ?? 0 });
    Object.assign(link, {
      send: (bytes: Uint8Array) => this.#send(bytes),
      flush: (done: () => void) => {
        if (this.#socket === undefined || this.#socket.destroyed) done();
        else this.#socket.write('', () => done());
      },
      onDrain: (handler: () => void) => this.#drained.push(handler),
      pause: () => this.#socket?.pause(),
      resume: () => this.#socket?.resume(),
      close: () => this.#socket?.end(),
    } satisfies Partial<FdLink>);
  }

  /** Frames go over this socket from now on. @param onEnd called once, when it has ended */
  carryOver(socket: Socket, onEnd: () => void): void {
    this.#socket = socket;
    socket.on('data', (bytes: Uint8Array) => this.#link.feed(bytes));
    socket.on('drain', () => this.#drained.forEach((drained) => drained()));
    socket.on('error', () => socket.destroy());
    socket.once('close', onEnd).on('end', () => socket.destroy());
    socket.resume();
  }

  /** Lets go of what carried it. */
  release(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    this.#outgoing = new FrameReader({ peer: 'this process' });
    socket?.removeAllListeners('close').removeAllListeners('end').end();
  }

  /** Hands a frame to the broker as if the controller had sent it. */
  tell(frame: Frame): void {
    this.#link.feed(Buffer.concat([encodeFrameHeader(frame, frame.payload.length), frame.payload]));
  }

  #send(bytes: Uint8Array): boolean {
    const socket = this.#socket;
    if (socket === undefined) {
      // What it gives would answer this very turn: whoever asks has not finished asking.
      for (const frame of this.#outgoing.push(bytes)) queueMicrotask(() => this.#nobody(frame));
      return true;
    }
    if (socket.destroyed) return true;
    if (socket.writableCorked === 0) {
      socket.cork();
      queueMicrotask(() => socket.uncork());
    }
    return socket.write(bytes);
  }

  /** Nobody is there to take a frame: who waits for an answer is told, and a large message is given up. */
  #nobody({ dst, handle, payload, replyTo, src }: Frame): void {
    if (handle === HANDLE.TRANSFER) {
      const given = Buffer.alloc(8);
      given.writeUInt32BE(countOf(fieldsOf(payload), 'id'));
      this.tell({ dst: src, src: dst, auth: dst, handle: HANDLE.TRANSFER_CREDIT, replyTo: 0, payload: given });
    } else if (replyTo !== 0 && replyTo !== DEAD) {
      const why = encodeToBytes('nobody is attached to this context');
      this.tell({ dst: src, src: dst, auth: dst, handle: replyTo, replyTo: DEAD, payload: why });
    }
  }
}
