/** An open context as the tree shows it. */
export interface ContextState {
  readonly id: number;
  readonly name: string;
  readonly method: string;
  /** Id of the context through which it was opened; 0 = the program itself. */
  readonly via: number;
  readonly pid: number;
  readonly node: string;
  readonly hostname: string;
  readonly generation: number;
  /** Calls that were sent to it and not answered. */
  readonly calls: number;
  /** Milliseconds since the oldest of them was sent; 0 without one. */
  readonly oldestCallMs: number;
}
