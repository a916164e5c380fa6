// A unit whose methods hold up their thread, or end it, in the turn in which others answer.
import { existsSync } from 'node:fs';

const sleeper = new Int32Array(new SharedArrayBuffer(4));
const LONGEST_MS = 30_000;

/** Goes so far behind in the microtasks of a turn that whatever was called with it has answered. */
async function behindOthers(): Promise<void> {
  for (let n = 0; n < 100; n++) await Promise.resolve();
}

export class Answers {
  run(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  }
  atOnce(value: string): string {
    return value;
  }
  /** Blocks until a file is there; whether it came. */
  async blocksUntil(file: string): Promise<boolean> {
    await behindOthers();
    for (let waitedMs = 0; waitedMs < LONGEST_MS && !existsSync(file); waitedMs += 10) Atomics.wait(sleeper, 0, 0, 10);
    return existsSync(file);
  }
  async exits(): Promise<never> {
    await behindOthers();
    process.exit(0);
  }
}
