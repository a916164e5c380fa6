/** Options of calls, given with `context.with(…)`. */
export interface CallOptions {
  /** Aborts the calls here and fires `contextInfo().signal` in the far function. */
  readonly signal?: AbortSignal | undefined;
  /** Limit of each call in milliseconds, its waiting included; none when absent. */
  readonly timeoutMs?: number | undefined;
  /** Calls of one chain run in order without waiting for the answer in between; after the first failure the rest fails the same way. */
  readonly chain?: string | undefined;
  /** How many calls run at once in this context; 64 when absent. 1 = one after the other. */
  readonly concurrency?: number | undefined;
}
