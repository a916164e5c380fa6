/** What a function can ask about the process and the call that it runs in. */
export interface ContextInfo {
  /** Name of the context; `controller` in the program itself. */
  readonly name: string;
  /** Id in the tree; 0 = the controller. */
  readonly id: number;
  /** How often the context was opened, from 1: modules and their state are as old as this. */
  readonly generation: number;
  /** Fires when the call was aborted at its caller, or when the context is closed. Never fires in the program itself. */
  readonly signal: AbortSignal;
  /** The same for each attempt of one recorded call; undefined outside of sessions. */
  readonly idempotencyKey: string | undefined;
}
