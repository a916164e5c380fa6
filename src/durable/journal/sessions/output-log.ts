// What a session has printed, kept for whoever was not there. It is a copy for people: no replay reads it, and losing it loses no session.

/** A piece of output. */
export interface OutputPiece {
  /** Wall time, ms. */
  readonly atMs: number;
  /** The program's own stream, or the name of the far context whose line it is. */
  readonly from: { readonly stream: 'stdout' | 'stderr' } | { readonly context: string };
  /** Of a stream its bytes as they came, cut anywhere; of a context one line without its end. */
  readonly bytes: Uint8Array;
}

/** Takes the output of a session that this process has claimed. Bounded: the oldest goes when there is too much. */
export interface OutputLog {
  /** Never throws. After an error of the store nothing more is kept, and `problem` says why. */
  write(piece: OutputPiece): void;
  readonly problem: Error | undefined;
  /** Resolves when everything is kept. Twice is fine. */
  close(): Promise<void>;
}

/** Reads what a session has printed while it may be printing more. */
export interface OutputReader {
  /** All that has come since the last call, the oldest first. @throws ResproutError STORE_IO */
  next(): Promise<readonly OutputPiece[]>;
  /** Twice is fine. */
  close(): Promise<void>;
}
