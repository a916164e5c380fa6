// What the two halves of `resprout exec` tell each other.

/** Size of a terminal, in characters. */
export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** A command as the far side gets it. */
export interface ExecOrder {
  readonly argv: readonly string[];
  /** What it reads; nothing when absent. */
  readonly input?: AsyncIterable<Uint8Array> | undefined;
  /** It gets a terminal of its own, of this size at first. */
  readonly terminal?: (TerminalSize & { readonly type: string; readonly sizes: AsyncIterable<TerminalSize> }) | undefined;
}

/** A piece of what it wrote. With a terminal all of it is stdout. */
export interface ExecPiece {
  readonly from: 'stdout' | 'stderr';
  readonly bytes: Uint8Array;
}

/** How it ended. */
export interface ExecEnd {
  /** null when a signal ended it, or when it never ran. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** Why it could not be started. */
  readonly problem?: string | undefined;
}
