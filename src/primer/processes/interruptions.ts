// Signals while something is prepared: end the tools, clean up, then die of the same signal so that callers see it.

const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];
const PARENT_POLL_MS = 300;

/** Who wants to know. Clean-ups are synchronous and run in reverse order. */
export interface Interruptions {
  /** Adds a clean-up; the result takes it back. */
  cleanup(run: () => void): () => void;
  /** Stops listening: from now on signals are the program's. */
  end(): void;
}

/**
 * Listens for signals from the first clean-up on, until `end`: before, there is nothing to clean up, and a signal ends the process by itself. `launcher`: the process that waits for this one; when it dies, that counts as SIGTERM,
 * since nobody would go on with what is prepared.
 */
export function listenForInterruptions(say: (text: string) => void, launcher: number | undefined): Interruptions {
  const cleanups = new Set<() => void>();
  let timer: NodeJS.Timeout | undefined;
  const end = (): void => {
    for (const name of SIGNALS) process.removeListener(name, stop);
    if (timer !== undefined) clearInterval(timer);
  };
  const stop = (name: NodeJS.Signals): void => {
    end();
    for (const run of [...cleanups].reverse())
      try {
        run();
      } catch (error) {
        // What is left is for the next run; the others are done all the same.
        say(`while cleaning up: ${error instanceof Error ? error.message : String(error)}`);
      }
    say(`interrupted by ${name}; what is complete is kept, the next run goes on from there`);
    process.kill(process.pid, name);
  };
  let isBegun = false;
  const begin = (): void => {
    if (isBegun) return;
    isBegun = true;
    for (const name of SIGNALS) process.on(name, stop);
  };
  if (launcher !== undefined) {
    timer = setInterval(() => {
      if (process.ppid !== launcher) stop('SIGTERM');
    }, PARENT_POLL_MS);
    timer.unref();
  }
  return {
    cleanup(run) {
      begin();
      cleanups.add(run);
      return () => cleanups.delete(run);
    },
    end,
  };
}
