import type { Duplex } from 'node:stream';
import type { Clock } from '../../base/seams/clock.ts';
import { groupAlive, killGroup } from '../../platform/process/process-group.ts';
import type { ForwardedOutput } from './forward-output.ts';
import type { SpawnedRunner } from '../runner-process.ts';

/** How long a runner may take to close its contexts and end by itself. */
const GENTLE_MS = 5500;
/** How long the system may take to end a killed process. */
const KILLED_MS = 5000;
/** How long output is read after the end: a child of the program that made a session of its own may hold the pipe. */
const OUTPUT_MS = 1000;

/** Reads a channel to its end. `onEnd` is called once. */
export function watchChannel(stream: Duplex, handlers: { onData(bytes: Uint8Array): void; onEnd(): void }): void {
  stream.on('data', (bytes: Uint8Array) => handlers.onData(bytes));
  stream.on('close', () => handlers.onEnd());
}

/** Calls `run` when the process is gone, or could not be started. */
export function onExit(child: SpawnedRunner['child'], run: () => void): void {
  child.on('exit', run);
  child.on('error', run);
}

/** How a process ended, in words; undefined while it lives. */
export function exitText(child: SpawnedRunner['child']): string | undefined {
  if (child.pid === undefined) return `${child.spawnfile} could not be started`;
  if (child.signalCode !== null) return `it was ended by ${child.signalCode}`;
  if (child.exitCode !== null) return `it ended with exit code ${child.exitCode}`;
  return undefined;
}

function exited(child: SpawnedRunner['child']): Promise<void> {
  if (exitText(child) !== undefined) return Promise.resolve();
  return new Promise((resolve) => onExit(child, resolve));
}

function ended(stream: Duplex): Promise<void> {
  if (stream.destroyed || stream.readableEnded) return Promise.resolve();
  return new Promise((resolve) => {
    stream.once('end', resolve);
    stream.once('close', resolve);
  });
}

async function within(clock: Clock, ms: number, work: Promise<unknown>): Promise<boolean> {
  const limit = new AbortController();
  try {
    return await Promise.race([work.then(() => true), clock.sleep(ms, limit.signal).then(() => false)]);
  } finally {
    limit.abort();
  }
}

/**
 * Ends a runner: asks it first when `askFirst` is given, then kills its group. Resolves when the process is gone, its rows were read and
 * its output was handed over, all within a bound. The group is killed in any case: children of the program go too.
 */
export async function endRunner(
  runner: SpawnedRunner,
  options: {
    readonly clock: Clock;
    readonly askFirst?: (() => void) | undefined;
    readonly output: readonly ForwardedOutput[];
    /** When it aborts, an output whose reader takes nothing is not waited for any longer. */
    readonly hurry: AbortSignal;
  },
): Promise<void> {
  const { child } = runner;
  const { clock, output, hurry } = options;
  if (options.askFirst !== undefined && exitText(child) === undefined) {
    options.askFirst();
    await within(clock, GENTLE_MS, exited(child));
  }
  if (child.pid !== undefined && groupAlive(child.pid)) killGroup(child.pid);
  await within(clock, KILLED_MS, exited(child));
  const rest = Promise.all([ended(runner.rows), ...output.map(({ done }) => done)]);
  // A reader that takes its time gets everything; a pipe that somebody else holds open is not waited for.
  while (!(await within(clock, OUTPUT_MS, rest)) && !hurry.aborted && output.some((one) => one.isBlocked()));
  runner.close();
}
