import { ERROR_CODES, isErrorCode } from '../../base/errors/error-codes.ts';
import { ResproutError } from '../../base/errors/errors.ts';
import type { CommandUnknownOpts } from '../arguments/commander.ts';
import { examplesText, isCommandName } from '../arguments/help-texts.ts';
import { nearNames } from '../arguments/near-names.ts';
import { okLine } from '../render/values/json.ts';
import type { CommonOptions, Terminal } from '../terminal.ts';

/** Explains an error code or shows the help of a command; without topic the help of all. @throws USAGE with the nearest names */
export function help(topic: string | undefined, options: CommonOptions, program: CommandUnknownOpts, terminal: Terminal): number {
  const code = topic?.toUpperCase();
  if (code !== undefined && isErrorCode(code)) {
    const { means, cure, exit } = ERROR_CODES[code];
    const text = `${code}\n\n  ${means}.\n\n  What to do: ${cure}.\n  Exit code:  ${exit}\n`;
    terminal.stdout.write(options.json ? okLine({ code, means, do: cure, exit }) : text);
    return 0;
  }
  const command = topic === undefined ? program : commandOf(topic, program);
  if (options.json) terminal.stdout.write(okLine({ command: command.name(), help: textOf(command) }));
  else command.outputHelp();
  return 0;
}

function textOf(command: CommandUnknownOpts): string {
  const name = command.name();
  return command.helpInformation() + (isCommandName(name) ? examplesText(name) : '');
}

function commandOf(topic: string, program: CommandUnknownOpts): CommandUnknownOpts {
  const command = program.commands.find((candidate) => candidate.name() === topic);
  if (command !== undefined) return command;
  const near = nearNames(topic, [...program.commands.map((candidate) => candidate.name()), ...Object.keys(ERROR_CODES)]);
  throw new ResproutError('USAGE', `there is no command and no error code "${topic}"`, {
    do: near.length > 0 ? `Did you mean ${near.join(', ')}?` : 'resprout --help lists the commands, docs/errors.md the codes',
  });
}
