import { ResproutError, toError } from '../../../base/errors/errors.ts';
import type { Clock } from '../../../base/seams/clock.ts';
import { startProcess, type StartedProcess } from '../../../platform/process/spawner.ts';
import { Terminal, TERMINAL_GIVERS } from './terminal.ts';
import type { ToolPlan } from './tool-plan.ts';

/** The terminal of a tool that wants one. @throws ResproutError REMOTE_CONNECT_FAILED where none can be made */
export function terminalFor({ asks, needsTerminal = false, tried }: ToolPlan, clock: Clock): Terminal | undefined {
  if (asks !== 'terminal' && !needsTerminal) return undefined;
  try {
    return Terminal.open(clock);
  } catch (error) {
    const { message } = toError(error);
    const fields = { tried, saw: message };
    throw new ResproutError('REMOTE_CONNECT_FAILED', `${tried} wants a terminal, and none can be made here: ${message}`, fields, {
      cause: error,
    });
  }
}

/** Starts a tool, with its terminal by the first program that can give it one. @throws ResproutError REMOTE_CONNECT_FAILED; the terminal is closed then */
export async function startTool(
  { file, tried }: ToolPlan,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  terminal: Terminal | undefined,
): Promise<StartedProcess> {
  const givers = terminal === undefined ? [] : TERMINAL_GIVERS.map((giver) => ({ file: giver.file, args: [...giver.args, file, ...args] }));
  const stdio = ['pipe', 'pipe', 'pipe', ...(terminal === undefined ? [] : [terminal.fd])] as const;
  let last: Error | undefined;
  for (const command of terminal === undefined ? [{ file, args }] : givers) {
    try {
      return await startProcess({ ...command, env, stdio });
    } catch (error) {
      last = toError(error);
    }
  }
  terminal?.close();
  const saw = last?.message ?? 'nothing was tried';
  const message =
    terminal === undefined
      ? `The program ${file} cannot be started: ${saw}`
      : `${tried} asks at a terminal; perl or python3 must be there to give it one: ${saw}`;
  throw new ResproutError('REMOTE_CONNECT_FAILED', message, { tried, saw }, { cause: last });
}
