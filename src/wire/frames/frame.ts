import { ResproutError } from '../../base/errors/errors.ts';
import { LIMITS } from '../limits.ts';
import { FRAME_MAGIC, PROTOCOL_VERSION } from './version.ts';

/** Length of a frame's header: magic 1, version 1, dst 4, src 4, auth 4, handle 4, reply_to 4, length 4; big endian. */
export const FRAME_HEADER_BYTES = 26;

/** One message between contexts. All numbers are unsigned and 32 bits wide. */
export interface Frame {
  /** Target context. 0 is the controller. */
  readonly dst: number;
  /** Context that sent it, and that gets the answer. */
  readonly src: number;
  /** Context with whose authority it was sent. */
  readonly auth: number;
  /** Mailbox at the target. */
  readonly handle: number;
  /** Mailbox at `src` for the answer; 0 for none; DEAD when this frame says that an answer will never come. */
  readonly replyTo: number;
  readonly payload: Uint8Array;
  /** First bytes of a payload whose rest is a part of something large, which is not copied for it. Only on its way out of its sender. */
  readonly lead?: Uint8Array | undefined;
}

/** The header of a frame with `payloadBytes` bytes of payload, which the caller sends after it. @throws ResproutError WIRE_LIMIT */
export function encodeFrameHeader(frame: Omit<Frame, 'payload'>, payloadBytes: number): Uint8Array<ArrayBuffer> {
  const head = new Uint8Array(FRAME_HEADER_BYTES);
  writeHeader(head, frame, payloadBytes);
  return head;
}

/** A frame in one buffer. @throws ResproutError WIRE_LIMIT */
export function encodeFrame(frame: Frame): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(FRAME_HEADER_BYTES + frame.payload.length);
  writeHeader(bytes, frame, frame.payload.length);
  bytes.set(frame.payload, FRAME_HEADER_BYTES);
  return bytes;
}

/** Frames in one buffer, one behind the other. @throws ResproutError WIRE_LIMIT */
export function encodeFrames(frames: readonly Frame[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(frames.reduce((sum, { payload }) => sum + FRAME_HEADER_BYTES + payload.length, 0));
  let at = 0;
  for (const frame of frames) {
    const { payload } = frame;
    writeHeader(bytes.subarray(at), frame, payload.length);
    bytes.set(payload, at + FRAME_HEADER_BYTES);
    at += FRAME_HEADER_BYTES + payload.length;
  }
  return bytes;
}

function writeHeader(into: Uint8Array, frame: Omit<Frame, 'payload'>, payloadBytes: number): void {
  checkPayload(payloadBytes);
  const view = new DataView(into.buffer, into.byteOffset, FRAME_HEADER_BYTES);
  view.setUint8(0, FRAME_MAGIC);
  view.setUint8(1, PROTOCOL_VERSION);
  view.setUint32(2, frame.dst);
  view.setUint32(6, frame.src);
  view.setUint32(10, frame.auth);
  view.setUint32(14, frame.handle);
  view.setUint32(18, frame.replyTo);
  view.setUint32(22, payloadBytes);
}

function checkPayload(payloadBytes: number): void {
  if (payloadBytes <= LIMITS.framePayloadBytes) return;
  throw new ResproutError('WIRE_LIMIT', `a frame of ${payloadBytes} bytes cannot be sent, the limit is ${LIMITS.framePayloadBytes}`, {
    tried: 'send a frame',
    saw: `${payloadBytes} bytes of payload, ${LIMITS.framePayloadBytes} are allowed`,
    do: 'Send it through a channel or a file',
  });
}
