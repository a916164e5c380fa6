/**
 * The seam for one edge of the tree: an ordered stream of bytes both ways.
 * Whoever made the link owns it and closes it; handlers are set once, before the first turn ends.
 */
export interface Link {
  /** For messages: what is at the other end, such as `web-1` or `runner`. */
  readonly name: string;
  /** Hands bytes over. Never throws: on a closed link they are dropped. False: the peer is slow, wait for `onDrain` before more data. */
  send(bytes: Uint8Array): boolean;
  /** Bytes that were handed over and have not left; absent where nobody knows. */
  readonly unsentBytes?: number;
  /** Called for each piece that arrives; pieces are cut anywhere. */
  onData(handler: (bytes: Uint8Array) => void): void;
  /** Called when data may be sent again after `send` gave false. */
  onDrain(handler: () => void): void;
  /** Called once, when the link has ended for whatever reason. */
  onClose(handler: (reason: string) => void): void;
  /** Stops reading until `resume`, so that a fast peer waits. */
  pause(): void;
  resume(): void;
  /** Ends the link; twice is fine. */
  close(reason?: string): void;
}

/** The seam for a server socket in a folder that only its user can enter. */
export interface Listener {
  readonly path: string;
  close(): Promise<void>;
}
