import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { ERROR_CODES, isErrorCode } from '../../base/error-codes.ts';
import { ResproutError } from '../../base/errors.ts';
import type { Terminal } from '../terminal.ts';

/** Explains an error code or shows the help of a command; without topic the help of all. @throws USAGE with the nearest names */
export function help(topic: string | undefined, program: CommandUnknownOpts, terminal: Terminal): number {
  terminal.stdout.write(topic === undefined ? program.helpInformation() : textOf(topic, program));
  return 0;
}

function textOf(topic: string, program: CommandUnknownOpts): string {
  const code = topic.toUpperCase();
  if (isErrorCode(code)) {
    const kind = ERROR_CODES[code];
    return `${code}\n\n  ${kind.means}.\n\n  What to do: ${kind.cure}.\n  Exit code:  ${kind.exit}\n`;
  }
  const command = program.commands.find((candidate) => candidate.name() === topic);
  if (command !== undefined) return command.helpInformation();
  const near = [...Object.keys(ERROR_CODES), ...program.commands.map((candidate) => candidate.name())].filter((name) =>
    isNear(name.toUpperCase(), code),
  );
  throw new ResproutError('USAGE', `there is no command or error code "${topic}"`, {
    do: near.length > 0 ? `Did you mean ${near.slice(0, 4).join(', ')}?` : 'See: resprout --help',
  });
}

/** Whether one contains the other, or they share a part between underscores that says something. */
function isNear(name: string, asked: string): boolean {
  if (name.includes(asked) || asked.includes(name)) return true;
  const parts = new Set(name.split('_'));
  return asked.split('_').some((part) => part.length > 3 && parts.has(part));
}
