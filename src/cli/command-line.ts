// From arguments to an exit code. Every error ends here, as a problem on stderr or as one line of JSON on stdout.
import { ResproutError, exitCodeOf } from '../base/errors/errors.ts';
import { codedError } from '../platform/system-error.ts';
import { VERSION } from '../base/version.ts';
import type { SpawnedRunner } from '../worker/runner-process.ts';
import { buildArguments } from './arguments/arguments.ts';
import { CommanderError } from './arguments/commander.ts';
import { okLine, problemLine } from './render/values/json.ts';
import { problemOf, renderProblem } from './render/errors/problem.ts';
import { stacks } from './render/errors/stacks.ts';
import { flushed, realTerminal, watchOutput, type Terminal } from './terminal.ts';
import { scrubValue } from '../platform/secrets/scrub-value.ts';
import { shownSecrets } from './shown-secrets.ts';
import { usageError } from './arguments/usage-error.ts';

/**
 * Runs one command.
 * @param runner a runner that was started ahead; closed here when the command does not use it
 * @returns the exit code (docs/exit-codes.md), when both streams are flushed
 */
export async function runCommandLine(argv: readonly string[], runner: SpawnedRunner | undefined): Promise<number> {
  const terminal = realTerminal();
  const outputFailure = watchOutput(terminal.stdout);
  const ours = argv.includes('--') ? argv.slice(0, argv.indexOf('--')) : argv;
  const asksVersion = ours.includes('--version') || ours.includes('-V');
  let exit = 0;
  try {
    if (!terminal.hasFolder) throw new ResproutError('USAGE', 'the current folder does not exist any more', { do: 'Go to another folder' });
    if (asksVersion && ours.includes('--json')) terminal.stdout.write(okLine(VERSION));
    else await buildArguments(argv, terminal, runner, (code) => (exit = code)).parseAsync(argv, { from: 'user' });
  } catch (thrown) {
    exit = report(thrown, ours, terminal);
  } finally {
    runner?.close();
  }
  // A program that hears ^C itself may still print what a slow reader wants to have.
  const isHurried = (): boolean => terminal.ending.signal.aborted || exit === PARKED;
  await flushed(terminal.stdout, isHurried());
  // An error of the last write is told in the next turn.
  await new Promise((resolve) => setImmediate(resolve));
  const failure = outputFailure();
  if (failure !== undefined) exit = report(outputError(failure), [], terminal);
  await flushed(terminal.stderr, isHurried());
  return exit;
}

const PARKED = 3;

function outputError(cause: Error): ResproutError {
  const kept = 'What a session recorded is in its journal';
  return new ResproutError(
    'OUTPUT_IO',
    'standard output could not be written',
    { tried: 'write to stdout', saw: cause.message, kept },
    { cause },
  );
}

const SHORT_FLAGS = /^-[a-z]*v[a-z]*$/;

function report(thrown: unknown, argv: readonly string[], terminal: Terminal): number {
  if (thrown instanceof CommanderError) {
    if (thrown.exitCode === 0) return 0;
    // Without a command the parser has shown the help.
    if (thrown.code === 'commander.help') return 2;
  }
  const error = thrown instanceof CommanderError ? usageError(thrown, argv) : codedError(thrown, []);
  scrubValue(error, shownSecrets);
  const isOurs = error instanceof ResproutError;
  const problem = problemOf(isOurs ? error : new ResproutError('INTERNAL', error.message, {}, { cause: error }));
  const exit = isOurs ? exitCodeOf(error) : 4;
  if (argv.includes('--json')) terminal.stdout.write(problemLine(problem, exit));
  else terminal.stderr.write(`${renderProblem(problem, terminal.style, terminal.cwd).join('\n')}\n`);
  if (argv.some((arg) => arg === '--verbose' || SHORT_FLAGS.test(arg))) terminal.stderr.write(stacks(error));
  return exit;
}
