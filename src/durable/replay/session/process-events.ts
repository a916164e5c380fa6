/** Listeners of the program on `process`: an emitter of the session, in record and replay alike. Nothing of it reaches the process. */
export interface ProcessEvents {
  /** How many listeners the program has for an event. */
  count(name: string): number;
  /** Calls them, in the program's scope. What one throws is thrown. @returns whether there was one */
  emit(name: string, ...args: readonly unknown[]): boolean;
  /** `process.exitCode` as the program set it; undefined when it did not. */
  exitCode: number | undefined;
  /** What the program gave to `process.setUncaughtExceptionCaptureCallback`. */
  readonly capture: ((error: unknown) => void) | undefined;
}

/** For a session whose runner gives it none: nobody listens. */
export function noProcessEvents(): ProcessEvents {
  return { count: () => 0, emit: () => false, exitCode: undefined, capture: undefined };
}
