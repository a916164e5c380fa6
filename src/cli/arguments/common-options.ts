// Options that several commands take, and what each command is declared with.
import type { SpawnedRunner } from '../../worker/runner-process.ts';
import { Option, type Command } from './commander.ts';
import type { CommandName } from './help-texts.ts';
import type { Terminal } from '../terminal.ts';

export const json = (): Option<'--json', undefined, true> =>
  new Option('--json', 'print one JSON value on stdout; the program prints on stderr').preset(true as const);
export const quiet = (): Option<'-q, --quiet'> => new Option('-q, --quiet', 'say nothing but problems');
export const verbose = (): Option<'-v, --verbose'> => new Option('-v, --verbose', 'say more: every call, stacks of errors');
export const plain = (): Option<'--plain'> => new Option('--plain', 'plain lines instead of lines that change');
export const store = (): Option<'--store <dir>'> =>
  new Option('--store <dir>', 'folder of the store (default: RESPROUT_STORE, else .resprout beside the nearest package.json)');
/** What each command is declared with. */
export interface Declaring {
  /** A new command with its help texts. */
  command(name: CommandName): Command;
  /** The whole command line. */
  readonly argv: readonly string[];
  readonly terminal: Terminal;
  readonly runner: SpawnedRunner | undefined;
  /** Takes the exit code of a command that went through. */
  readonly ended: (exit: number) => void;
}
