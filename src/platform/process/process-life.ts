/** Calls `end` when the program has nothing left to do, before the process ends by itself. Not on `process.exit` and not on signals. */
export function onIdleEnd(end: () => void): void {
  process.on('beforeExit', end);
}

/** The environment of this process, live. */
export function processEnv(): Readonly<Record<string, string | undefined>> {
  return process.env;
}
