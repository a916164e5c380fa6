// What a program gets of a command that has ended.
import type { ErrorCode } from '../../base/errors/error-codes.ts';
import { isResproutError, ResproutError } from '../../base/errors/errors.ts';
import type { CommandEnd } from '../child/commands/order.ts';

/** Codes of commands that failed. */
export type CommandErrorCode = Extract<
  ErrorCode,
  'COMMAND_FAILED' | 'COMMAND_NOT_STARTED' | 'COMMAND_OUTPUT_LIMIT' | 'COMMAND_STOPPED' | 'COMMAND_TIMEOUT'
>;

/** The result of a command. */
export interface CommandResult<Out = string> {
  /** The command as it is shown: Secrets are masked, a long one is cut. */
  readonly command: string;
  readonly stdout: Out;
  readonly stderr: Out;
  /** null when a signal ended it, or when it could not be started. */
  readonly exitCode: number | null;
  /** Signal that ended it, such as `SIGTERM`; null otherwise. */
  readonly signal: string | null;
  /** Why it counts as failed; undefined for exit code 0. */
  readonly code: CommandErrorCode | undefined;
  /** How it failed, as a part of a sentence; undefined for exit code 0. */
  readonly why: string | undefined;
  readonly durationMs: number;
}

/** The error of a command that failed: what it wrote until then is in its result. */
export interface CommandError extends ResproutError {
  readonly code: CommandErrorCode;
  readonly result: CommandResult<string | Uint8Array | readonly string[]>;
}

/** Whether an error tells of a command that failed, so that it has a `result`. */
export function isCommandError(error: unknown): error is CommandError {
  return isResproutError(error) && error.code.startsWith('COMMAND_') && 'result' in error;
}

/** How a command is named where it failed. */
export interface CommandNames {
  /** Name of its context. */
  readonly context: string;
  /** As it is shown. */
  readonly command: string;
  /** Texts that no message holds. */
  readonly secrets: readonly string[];
  readonly limits: { readonly timeoutMs: number | undefined; readonly maxBufferBytes: number };
}

const LAST_LINES = 5;
const LINE_CHARS = 300;

/** Last lines of what a command wrote, without secrets. */
function lastLines(text: string, secrets: readonly string[]): string {
  let shown = text.slice(-LAST_LINES * LINE_CHARS);
  for (const secret of secrets) if (secret !== '') shown = shown.replaceAll(secret, '[Secret]');
  const lines = shown.split('\n').filter((line) => line.trim() !== '');
  return lines
    .slice(-LAST_LINES)
    .map((line) => line.slice(0, LINE_CHARS))
    .join('\n');
}

/** Why a command counts as failed. */
export function codeOfEnd({ ending, exitCode }: CommandEnd): CommandErrorCode | undefined {
  if (ending === 'timeout') return 'COMMAND_TIMEOUT';
  if (ending === 'output') return 'COMMAND_OUTPUT_LIMIT';
  if (ending === 'stopped') return 'COMMAND_STOPPED';
  if (ending === 'unstarted') return 'COMMAND_NOT_STARTED';
  return exitCode === 0 ? undefined : 'COMMAND_FAILED';
}

/** How a failed command ended, as a part of a sentence. */
export function howItFailed(end: CommandEnd, code: CommandErrorCode, names: CommandNames): string {
  const how = endText(end, code, names);
  return end.problem === undefined || how.includes(end.problem) ? how : `${how}; ${end.problem}`;
}

function endText({ exitCode, problem, signal }: CommandEnd, code: CommandErrorCode, { limits }: CommandNames): string {
  if (code === 'COMMAND_TIMEOUT') return `did not end within ${String(limits.timeoutMs)} ms and was ended`;
  if (code === 'COMMAND_OUTPUT_LIMIT') return `wrote more than ${limits.maxBufferBytes} bytes and was ended`;
  if (code === 'COMMAND_STOPPED') return `was ended: ${problem ?? 'its reader went away'}`;
  if (code === 'COMMAND_NOT_STARTED') return `could not be started: ${problem ?? 'the system refused it'}`;
  return signal === null ? `ended with exit code ${String(exitCode)}` : `was ended by ${signal}`;
}

/** The error of a command that failed. @param output what it wrote, stderr first */
export function commandError(
  code: CommandErrorCode,
  how: string,
  { command, context, secrets }: CommandNames,
  output: readonly string[],
  result: CommandError['result'],
): ResproutError {
  const lines = output.map((text) => lastLines(text, secrets)).find((text) => text !== '');
  const error = new ResproutError(code, `${context}: "${command}" ${how}`, { tried: `run ${command} on ${context}`, saw: lines ?? how });
  return Object.assign(error, { result });
}
