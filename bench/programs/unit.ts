const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

/** Blocks until it is cancelled. */
export class Waits {
  run(signal: AbortSignal): Promise<void> {
    return aborted(signal);
  }
}

/** Gives back what it gets. */
export class Echoes extends Waits {
  echo(value: string): string {
    return value;
  }
}
