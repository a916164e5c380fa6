// The command line of `./prime`. A task gets everything after its name as it stands.
import type { PrimeOptions } from './context.ts';
import { near } from './near.ts';
import { PrimeError } from './problem.ts';

/** Commands of the primer itself; tasks come from the configuration. */
export const COMMANDS = {
  boot: 'prepare everything (the default)',
  reboot: 'forget what was prepared and do all of it again',
  eval: 'print the effective configuration and what would be done, as JSON; changes nothing',
  graph: 'print the states and what they need',
} as const;

type Command = keyof typeof COMMANDS;

/** A parsed command line. */
export interface PrimeArguments extends PrimeOptions {
  readonly command: Command;
  /** A task of the configuration that runs after its target is reached. */
  readonly task: string | undefined;
  readonly taskArguments: readonly string[];
  readonly target: string | undefined;
  readonly dry: boolean;
  readonly help: boolean;
}

/** Options by environment, which also works for apps that own the whole command line: PRIME_OFFLINE, PRIME_QUIET, PRIME_VERBOSE = 1. */
export function optionsOf(env: NodeJS.ProcessEnv): PrimeOptions {
  return { offline: env['PRIME_OFFLINE'] === '1', quiet: env['PRIME_QUIET'] === '1', verbose: env['PRIME_VERBOSE'] === '1' };
}

const OPTIONS = ['--help', '--quiet', '--verbose', '--offline', '--dry', '--target'];

const usage = (message: string, cure: string): never => {
  throw new PrimeError('USAGE', message, { do: cure });
};

const isCommand = (name: string): name is Command => Object.prototype.hasOwnProperty.call(COMMANDS, name);

/** Parses what follows `./prime`. @throws PrimeError USAGE */
export function parsePrimeArgs(argv: readonly string[], env: NodeJS.ProcessEnv, tasks: readonly string[]): PrimeArguments {
  const flags = { ...optionsOf(env), dry: false, help: false };
  let target: string | undefined;
  let command: Command | undefined;
  for (let i = 0; i < argv.length; i += 1) {
    const word = argv[i] ?? '';
    if (word === '-h' || word === '--help') flags.help = true;
    else if (word === '-q' || word === '--quiet') flags.quiet = true;
    else if (word === '-v' || word === '--verbose') flags.verbose = true;
    else if (word === '--offline') flags.offline = true;
    else if (word === '--dry') flags.dry = true;
    else if (word.startsWith('--target=')) target = word.slice('--target='.length);
    else if (word === '--target') target = argv[(i += 1)] ?? usage('--target needs the name of a state', './prime graph lists them');
    else if (word.startsWith('-')) usage(`unknown option ${word}`, near(word, OPTIONS) ?? './prime --help lists the options');
    else if (command === undefined && tasks.includes(word))
      return { ...flags, command: 'boot', task: word, taskArguments: argv.slice(i + 1), target };
    else if (command === undefined && isCommand(word)) command = word;
    else usage(`unknown command ${word}`, near(word, [...Object.keys(COMMANDS), ...tasks]) ?? './prime --help lists the commands');
  }
  return { ...flags, command: command ?? 'boot', task: undefined, taskArguments: [], target };
}
