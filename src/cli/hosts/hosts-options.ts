/** Options of a command that does something on many targets. */
export interface HostsOptions {
  /** So many of them, or those that these targets name too. */
  readonly limit?: string | undefined;
  /** How many at once. */
  readonly concurrency?: number | undefined;
  /** How many begin together. */
  readonly batch?: number | undefined;
  /** Failures after which nothing more is started. */
  readonly stopAfter?: number | undefined;
}
