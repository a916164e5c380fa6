/** Options of calls, given with `context.with(…)`. */
export interface CallOptions {
  /** Aborts the calls here and fires `contextInfo().signal` in the far function. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Milliseconds from the sending of a call to its answer: REMOTE_CALL_TIMEOUT then, and the far signal fires. Waiting for a free place
   * (`concurrency`) comes before and is not counted; calls of a chain are sent at once, so that one waits for those before it within its
   * limit. None when absent. For a limit with everything in it: `signal: AbortSignal.timeout(ms)`.
   */
  readonly timeoutMs?: number | undefined;
  /** Calls of one chain run in order without waiting for the answer in between; after the first failure the rest fails the same way. */
  readonly chain?: string | undefined;
  /** How many calls run at once in this context; 64 when absent. 1 = one after the other. */
  readonly concurrency?: number | undefined;
}
