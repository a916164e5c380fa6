import { realClock } from '../platform/time/clock.ts';
import { KnownSecrets } from '../platform/secrets/known-secrets.ts';
import { OutputKeeper } from './owner/output-keeper.ts';
import { SessionSecrets } from './owner/session-secrets.ts';
import { forwardOutput, type ForwardedOutput } from './owner/forward-output.ts';
import type { SessionOptions } from './run-options.ts';
import { spawnRunner, type SpawnedRunner } from './runner-process.ts';

/** A runner whose output is being handed on. */
export interface RunnerInUse {
  readonly runner: SpawnedRunner;
  /** Its stdout and stderr on their way. */
  readonly output: readonly ForwardedOutput[];
  /** Has a copy of what it prints. */
  readonly keeper: OutputKeeper;
  /** What is not shown of it. */
  readonly secrets: SessionSecrets;
  /** Ends it if it still lives. Twice is fine. */
  close(): void;
}

/** The runner that the caller started, or a new one. Its output is read from now on. */
export function forwardRunner(options: SessionOptions): RunnerInUse {
  const runner = options.spawnedRunner ?? spawnRunner({ node: options.runnerNode });
  const keeper = new OutputKeeper(realClock);
  const secrets = options.secrets ?? new KnownSecrets();
  const shown = { secrets, clock: realClock };
  const output = [
    forwardOutput(runner.stdout, options.output?.stdout, (bytes) => keeper.take('stdout', bytes), shown),
    forwardOutput(runner.stderr, options.output?.stderr, (bytes) => keeper.take('stderr', bytes), shown),
  ];
  return { runner, output, keeper, secrets: new SessionSecrets(secrets), close: () => runner.close() };
}
