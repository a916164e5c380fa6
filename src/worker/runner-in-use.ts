import { forwardOutput } from './owner/forward-output.ts';
import type { SessionOptions } from './run-options.ts';
import { spawnRunner, type SpawnedRunner } from './runner-process.ts';

/** A runner whose output is being handed on. */
export interface RunnerInUse {
  readonly runner: SpawnedRunner;
  /** Resolves when its output has ended and was handed over. */
  readonly outputDone: Promise<void>;
  /** Ends it if it still lives. Twice is fine. */
  close(): void;
}

/** The runner that the caller started, or a new one. Its output is read from now on. */
export function forwardRunner(options: SessionOptions): RunnerInUse {
  const runner = options.spawnedRunner ?? spawnRunner({ node: options.runnerNode });
  const outputDone = Promise.all([
    forwardOutput(runner.stdout, options.output?.stdout),
    forwardOutput(runner.stderr, options.output?.stderr),
  ]).then(() => {});
  return { runner, outputDone, close: () => runner.close() };
}
