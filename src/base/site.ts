/** A place in the user's program: the one type for it, in events, messages and errors. Stable id; line and column are for people. */
export interface Site {
  /** Stable under edits elsewhere in the file: file, enclosing function path, ordinal and callee text. */
  readonly id: string;
  /** Relative to the project root; empty when no line of the program is known. */
  readonly file: string;
  /** 1-based; 0 when unknown. */
  readonly line: number;
  readonly column: number;
}
