// A command line that cannot be understood: what is wrong with it, and the nearest right form.
import { ResproutError } from '../../base/errors/errors.ts';
import type { CommanderError } from './commander.ts';
import { ALIASES, HELP, MEANT, isCommandName } from './help-texts.ts';

/** The parser's error as one of ours. @param argv what was given, for the command whose form is shown */
export function usageError(error: CommanderError, argv: readonly string[]): ResproutError {
  const [what = '', hint] = error.message.replace(/^error: /, '').split('\n');
  const near = hint === undefined ? '' : ` ${hint.trim()}`;
  const word = argv.find((arg) => !arg.startsWith('-'));
  const command = word === undefined ? undefined : (ALIASES[word] ?? word);
  const form =
    command !== undefined && isCommandName(command)
      ? `resprout ${command} ${HELP[command].form}     (resprout help ${command})`
      : 'resprout COMMAND [options]     (resprout --help lists the commands)';
  if (error.code === 'commander.unknownCommand' && word !== undefined && Object.hasOwn(MEANT, word)) {
    return new ResproutError('USAGE', `there is no command '${word}'`, { do: MEANT[word] });
  }
  return new ResproutError('USAGE', `${what}${near}`.replace(/\.$/, ''), { do: form });
}
