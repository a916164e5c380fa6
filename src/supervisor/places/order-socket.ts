// Messages over a socket between owner and unit, as frames of the wire.
import type { Socket } from 'node:net';
import { encodeFrames, type Frame } from '../../wire/frames/frame.ts';
import { FrameReader } from '../../wire/frames/frame-reader.ts';
import { drained } from './drained.ts';
import { SendBatch } from './send-batch.ts';

/** One end of it. */
export interface OrderSocket {
  /** Hands a message over, which is one value of the wire; nothing happens when the other end is gone. */
  send(bytes: Uint8Array): void;
  /** The same, with what is sent in the microtasks that wait already, which costs less. */
  sendSoon(bytes: Uint8Array): void;
  /** Hands over what waits. */
  flush(): void;
  /** Resolves when all that was sent has left, or never will. */
  flushed(): Promise<void>;
  /** Resolves when the other end has closed and everything was read, after 200 ms in any case; the socket is closed then. */
  drained(): Promise<void>;
}

/** Who hears of its end. */
export interface OrderSocketListener {
  onEnd?(): void;
  /** A message could not be read: whoever sends such a thing runs another program. The socket is closed. */
  onOdd?(error: unknown): void;
}

const frameOf = (payload: Uint8Array): Frame => ({ dst: 0, src: 0, auth: 0, handle: 0, replyTo: 0, payload });

/** Takes a socket over. @param onMessage may throw what is wrong with a message */
export function reportsAndOrders(socket: Socket, onMessage: (bytes: Uint8Array) => void, listener: OrderSocketListener): OrderSocket {
  const reader = new FrameReader({ peer: 'the other side of a unit' });
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('data', (piece: Uint8Array) => {
    try {
      for (const { payload } of reader.push(piece)) onMessage(payload);
    } catch (error) {
      listener.onOdd?.(error);
      socket.destroy();
    }
  });
  socket.on('error', () => socket.destroy());
  socket.on('end', () => socket.destroy());
  socket.once('close', () => listener.onEnd?.());
  const batch = new SendBatch((payloads) => {
    if (!socket.destroyed) socket.write(encodeFrames(payloads.map(frameOf)));
  });
  return {
    send: (bytes) => batch.send(bytes),
    sendSoon: (bytes) => batch.sendSoon(bytes),
    flush: () => batch.flush(),
    flushed: () => {
      batch.flush();
      return socket.destroyed ? Promise.resolve() : Promise.race([closed, new Promise<void>((r) => socket.write('', () => r()))]);
    },
    drained: () => drained(socket),
  };
}
