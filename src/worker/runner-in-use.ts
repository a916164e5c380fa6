import { forwardOutput, type ForwardedOutput } from './owner/forward-output.ts';
import type { SessionOptions } from './run-options.ts';
import { spawnRunner, type SpawnedRunner } from './runner-process.ts';

/** A runner whose output is being handed on. */
export interface RunnerInUse {
  readonly runner: SpawnedRunner;
  /** Its stdout and stderr on their way. */
  readonly output: readonly ForwardedOutput[];
  /** Ends it if it still lives. Twice is fine. */
  close(): void;
}

/** The runner that the caller started, or a new one. Its output is read from now on. */
export function forwardRunner(options: SessionOptions): RunnerInUse {
  const runner = options.spawnedRunner ?? spawnRunner({ node: options.runnerNode });
  const output = [forwardOutput(runner.stdout, options.output?.stdout), forwardOutput(runner.stderr, options.output?.stderr)];
  return { runner, output, close: () => runner.close() };
}
