// Cuts a stream of bytes into frames. Owns: the bytes of the one frame that is not complete yet.
//   F1. Memory held is at most twice what has arrived of the incomplete frame, never what its header claims.
//   F2. Work is linear in the bytes pushed, however they are cut: large pieces are kept as they come, small ones put together, and a frame is
//       joined once.
//   F3. After an error the reader is dead: every later push throws the same error.
import { ResproutError } from '../../base/errors/errors.ts';
import { FRAME_HEADER_BYTES, type Frame } from './frame.ts';
import { LIMITS } from '../limits.ts';
import { FRAME_MAGIC, PROTOCOL_VERSION } from './version.ts';

const SMALLEST_BUFFER_BYTES = 4096;
const LARGEST_BUFFER_BYTES = 65_536;
/** Pieces from here on are kept by reference. */
const LARGE_PIECE_BYTES = 16_384;

/** Options of a reader. */
export interface FrameReaderOptions {
  /** Largest payload taken, bytes. @default LIMITS.framePayloadBytes */
  readonly payloadBytes?: number;
  /** For messages: who sends, such as `web-1`. */
  readonly peer?: string;
}

/** An incremental parser of frames. It never waits: what is not complete stays inside. */
export class FrameReader {
  readonly #payloadBytes: number;
  readonly #peer: string;
  /** Of the frame that has begun: its first bytes, and all of them in pieces. The last piece has `#lastFree` bytes unused. */
  readonly #head = new Uint8Array(FRAME_HEADER_BYTES);
  #pieces: Uint8Array[] = [];
  #lastFree = 0;
  #heldBytes = 0;
  #failure: ResproutError | undefined;

  constructor(options: FrameReaderOptions = {}) {
    this.#payloadBytes = options.payloadBytes ?? LIMITS.framePayloadBytes;
    this.#peer = options.peer ?? 'the peer';
  }

  /** Whether a frame has begun and is not complete: an end of the stream now has cut it off. */
  get isInsideFrame(): boolean {
    return this.#heldBytes > 0;
  }

  /**
   * Takes the next piece, cut anywhere, and gives the frames that it completes.
   * Payloads may be views of `chunk`: the caller must not write to it afterwards.
   * @throws ResproutError WIRE_BAD_FRAME (wrong magic or version), WIRE_LIMIT (payload too large), before anything is allocated for it
   */
  push(chunk: Uint8Array): Frame[] {
    if (this.#failure !== undefined) throw this.#failure;
    const frames: Frame[] = [];
    let at = 0;
    while (at < chunk.length) {
      if (this.#heldBytes > 0) {
        at += this.#hold(chunk, at, this.#frameBytes(this.#head, 0, this.#heldBytes) ?? FRAME_HEADER_BYTES);
        const size = this.#frameBytes(this.#head, 0, this.#heldBytes);
        if (size === undefined || this.#heldBytes < size) continue;
        frames.push(frameAt(this.#join(), 0, size));
        this.#drop();
        continue;
      }
      const size = this.#frameBytes(chunk, at, chunk.length - at);
      if (size === undefined || chunk.length - at < size) {
        at += this.#hold(chunk, at, size ?? FRAME_HEADER_BYTES);
        continue;
      }
      frames.push(frameAt(chunk, at, size));
      at += size;
    }
    return frames;
  }

  /** Takes what the frame still needs, at most what there is. Returns how much it took. */
  #hold(chunk: Uint8Array, at: number, wantedBytes: number): number {
    const piece = chunk.subarray(at, at + wantedBytes - this.#heldBytes);
    if (this.#heldBytes < FRAME_HEADER_BYTES) this.#head.set(piece.subarray(0, FRAME_HEADER_BYTES - this.#heldBytes), this.#heldBytes);
    if (piece.length < LARGE_PIECE_BYTES) this.#putTogether(piece);
    else {
      this.#endLast();
      this.#pieces.push(piece);
    }
    this.#heldBytes += piece.length;
    return piece.length;
  }

  #putTogether(piece: Uint8Array): void {
    const fits = Math.min(piece.length, this.#lastFree);
    const last = this.#pieces.at(-1);
    if (last !== undefined && fits > 0) last.set(piece.subarray(0, fits), last.length - this.#lastFree);
    this.#lastFree -= fits;
    if (fits === piece.length) return;
    const buffer = new Uint8Array(Math.max(SMALLEST_BUFFER_BYTES, piece.length - fits, Math.min(this.#heldBytes, LARGEST_BUFFER_BYTES)));
    buffer.set(piece.subarray(fits));
    this.#pieces.push(buffer);
    this.#lastFree = buffer.length - (piece.length - fits);
  }

  #endLast(): void {
    const last = this.#pieces.pop();
    if (last !== undefined) this.#pieces.push(last.subarray(0, last.length - this.#lastFree));
    this.#lastFree = 0;
  }

  #join(): Uint8Array {
    this.#endLast();
    const [only] = this.#pieces;
    if (this.#pieces.length === 1 && only !== undefined) return only;
    const whole = new Uint8Array(this.#heldBytes);
    let at = 0;
    for (const piece of this.#pieces) {
      whole.set(piece, at);
      at += piece.length;
    }
    return whole;
  }

  #drop(): void {
    this.#pieces = [];
    this.#lastFree = 0;
    this.#heldBytes = 0;
  }

  /** Size of the frame that begins at `at`; undefined while its header is not complete. The magic is checked as soon as it is there. */
  #frameBytes(bytes: Uint8Array, at: number, available: number): number | undefined {
    if (available > 0 && bytes[at] !== FRAME_MAGIC)
      throw this.#fail('WIRE_BAD_FRAME', `magic is ${hex(bytes, at, Math.min(available, 16))}`);
    if (available > 1 && bytes[at + 1] !== PROTOCOL_VERSION)
      throw this.#fail('WIRE_BAD_FRAME', `protocol version is ${bytes[at + 1]}, this side speaks ${PROTOCOL_VERSION}`);
    if (available < FRAME_HEADER_BYTES) return undefined;
    const payloadBytes = readUint32(bytes, at + 22);
    if (payloadBytes > this.#payloadBytes)
      throw this.#fail('WIRE_LIMIT', `payload is ${payloadBytes} bytes, the limit is ${this.#payloadBytes}`);
    return FRAME_HEADER_BYTES + payloadBytes;
  }

  #fail(code: 'WIRE_BAD_FRAME' | 'WIRE_LIMIT', saw: string): ResproutError {
    this.#drop();
    this.#failure = new ResproutError(code, `a frame from ${this.#peer} is refused: ${saw}`, {
      tried: `read a frame from ${this.#peer}`,
      saw,
    });
    return this.#failure;
  }
}

function readUint32(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) * 0x1000000 + ((bytes[at + 1] ?? 0) << 16) + ((bytes[at + 2] ?? 0) << 8) + (bytes[at + 3] ?? 0)) >>> 0;
}

function frameAt(bytes: Uint8Array, at: number, size: number): Frame {
  return {
    dst: readUint32(bytes, at + 2),
    src: readUint32(bytes, at + 6),
    auth: readUint32(bytes, at + 10),
    handle: readUint32(bytes, at + 14),
    replyTo: readUint32(bytes, at + 18),
    payload: bytes.subarray(at + FRAME_HEADER_BYTES, at + size),
  };
}

function hex(bytes: Uint8Array, at: number, count: number): string {
  return Array.from(bytes.subarray(at, at + count), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}
