import type { Link } from '../base/seams/link.ts';
import type { Turn } from '../base/seams/turn.ts';

/** How a pair behaves. */
export interface LinkedPairOptions {
  /** When pieces arrive: one each turn and direction. */
  readonly turn: Turn;
  /** Size of the next piece, bytes; called for each. @default whole sends */
  readonly nextPieceBytes?: () => number;
  /** Bytes under way in one direction at which `send` gives false. @default 65536 */
  readonly highWaterBytes?: number;
  /** Names of the two ends. @default ["near", "far"] */
  readonly names?: readonly [string, string];
}

/** Two ends of one link in memory: what one sends arrives at the other in order, cut as told. What was sent before a close arrives. */
export function linkedPair(options: LinkedPairOptions): readonly [Link, Link] {
  const [nearName, farName] = options.names ?? ['near', 'far'];
  const near = new End(nearName, options);
  const far = new End(farName, options);
  near.joinWith(far);
  far.joinWith(near);
  return [near, far];
}

class End implements Link {
  readonly name: string;
  readonly #options: LinkedPairOptions;
  #peer: End | undefined;
  /** What the peer has sent and this end has not delivered. */
  readonly #arriving: Uint8Array[] = [];
  #arrivingBytes = 0;
  #isTurnTaken = false;
  #isPaused = false;
  #isClosed = false;
  #endReason: string | undefined;
  #peerWaits = false;
  #onData: (bytes: Uint8Array) => void = () => {};
  #onDrain: () => void = () => {};
  #onClose: (reason: string) => void = () => {};

  constructor(name: string, options: LinkedPairOptions) {
    this.name = name;
    this.#options = options;
  }

  joinWith(peer: End): void {
    this.#peer = peer;
  }

  send(bytes: Uint8Array): boolean {
    return this.#isClosed || this.#peer === undefined ? true : this.#peer.#take(bytes);
  }

  onData(handler: (bytes: Uint8Array) => void): void {
    this.#onData = handler;
  }

  onDrain(handler: () => void): void {
    this.#onDrain = handler;
  }

  onClose(handler: (reason: string) => void): void {
    this.#onClose = handler;
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#wake();
  }

  close(reason = 'closed'): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (this.#peer !== undefined) this.#peer.#end(reason);
    this.#options.turn.next(() => this.#onClose(reason));
  }

  #take(bytes: Uint8Array): boolean {
    if (this.#isClosed || bytes.length === 0) return true;
    this.#arriving.push(bytes.slice());
    this.#arrivingBytes += bytes.length;
    this.#wake();
    this.#peerWaits ||= this.#arrivingBytes >= (this.#options.highWaterBytes ?? 65_536);
    return !this.#peerWaits;
  }

  #end(reason: string): void {
    this.#endReason ??= reason;
    this.#wake();
  }

  #wake(): void {
    const hasWork = this.#arriving.length > 0 || this.#endReason !== undefined;
    if (this.#isTurnTaken || this.#isPaused || this.#isClosed || !hasWork) return;
    this.#isTurnTaken = true;
    this.#options.turn.next(() => {
      this.#isTurnTaken = false;
      if (!this.#isPaused && !this.#isClosed) this.#deliver();
      this.#wake();
    });
  }

  #deliver(): void {
    const first = this.#arriving[0];
    if (first === undefined) {
      this.#isClosed = true;
      this.#onClose(this.#endReason ?? 'closed');
      return;
    }
    const size = Math.min(first.length, Math.max(1, this.#options.nextPieceBytes?.() ?? first.length));
    if (size === first.length) this.#arriving.shift();
    else this.#arriving[0] = first.subarray(size);
    this.#arrivingBytes -= size;
    this.#onData(first.subarray(0, size));
    if (!this.#peerWaits || this.#arrivingBytes > 0) return;
    this.#peerWaits = false;
    if (this.#peer !== undefined) this.#peer.#onDrain();
  }
}
