/** A timer that can be taken back. Clearing twice is fine. */
export interface TimerHandle {
  clear(): void;
}

/** The seam for time. Real: `platform/time/clock.ts`. By hand: `testing/manual-clock.ts`. */
export interface Clock {
  /** Milliseconds since the epoch; may jump. */
  wallMs(): number;
  /** Milliseconds since some start; never goes back. For deadlines and durations. */
  monotonicMs(): number;
  /** Calls `fire` once after `ms` milliseconds. `background`: the timer alone does not keep the process alive. */
  after(ms: number, fire: () => void, options?: { readonly background?: boolean }): TimerHandle;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
