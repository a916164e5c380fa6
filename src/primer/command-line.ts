// The command line of `./prime`. A task gets everything after its name as it stands.
import type { OptionKind, PrimeArgs, ValuesOf } from '../primer-api/programs.ts';
import type { PrimeOptions } from './context.ts';
import { near } from './near.ts';
import { PrimeError } from './problem.ts';

/** Commands of the primer itself; tasks come from the configuration. */
export const COMMANDS = {
  boot: 'prepare everything (the default)',
  check: 'say what would be done, change nothing; exit code 1 when it is something',
  doctor: 'look at this machine and folder: which Node, npm, cache and lockfile count, and what a start would fail on',
  shell: 'open a shell with the Node and the packages of this folder; -c LINE runs one line, a pipe is read',
  reboot: 'forget what was prepared and do all of it again',
  eval: 'print the effective configuration and what would be done, as JSON; changes nothing',
  graph: 'print the states and what they need',
  pin: 'pin the newest Node of a range, and an npm, with the hashes of all platforms: ./prime pin 26',
  update: 'bring a newer kernel of the primer; ./prime update 1.2.3 brings that one',
  entry: 'write a script that starts an app of the configuration: ./prime entry NAME',
  folder: 'write a ./prime for a folder below this one, with a configuration of its own: ./prime folder apps/web',
} as const;

type Command = keyof typeof COMMANDS;

/** A parsed command line. */
export interface PrimeArguments extends PrimeOptions {
  readonly command: Command;
  /** What follows `pin`, `update`, `entry` and `folder`. */
  readonly argument: string | undefined;
  /** A task of the configuration that runs after its target is reached. */
  readonly task: string | undefined;
  readonly taskArguments: readonly string[];
  readonly target: string | undefined;
  /** The environment that is asked for. */
  readonly env: string | undefined;
  /** Of `shell`: what it shall run. */
  readonly line: string | undefined;
  readonly dry: boolean;
  /** Of `graph`: as a Mermaid flowchart. */
  readonly mermaid: boolean;
  /** Of `graph`: before the client's states come. */
  readonly proto: boolean;
  readonly help: boolean;
}

/** Options by environment, which also works for apps that own the whole command line: PRIME_OFFLINE, PRIME_QUIET, PRIME_VERBOSE = 1. */
export function optionsOf(env: NodeJS.ProcessEnv): PrimeOptions {
  return { offline: env['PRIME_OFFLINE'] === '1', quiet: env['PRIME_QUIET'] === '1', verbose: env['PRIME_VERBOSE'] === '1' };
}

const COMMON = ['--help', '--quiet', '--verbose', '--offline', '--target', '--env'];
const OPTIONS = [...COMMON, '--dry', '--mermaid', '--proto'];

const usage = (message: string, cure: string): never => {
  throw new PrimeError('PRIME_USAGE', message, { do: cure });
};

const WITH_ARGUMENT: readonly Command[] = ['pin', 'update', 'entry', 'folder'];

const isCommand = (name: string): name is Command => Object.prototype.hasOwnProperty.call(COMMANDS, name);

/** Options that every command line of the primer takes. */
interface CommonOptions {
  offline: boolean;
  quiet: boolean;
  verbose: boolean;
  help: boolean;
  target: string | undefined;
  env: string | undefined;
}

/** What counts before a word of the command line was read. */
const unsaid = (env: NodeJS.ProcessEnv): CommonOptions => ({
  ...optionsOf(env),
  help: false,
  target: undefined,
  env: env['PRIME_ENV'] === '' ? undefined : env['PRIME_ENV'],
});

/** Takes one of them. @returns how many words it was; 0 when it is something else */
function takeCommon(argv: readonly string[], at: number, into: CommonOptions): number {
  const word = argv[at] ?? '';
  if (word === '-h' || word === '--help') into.help = true;
  else if (word === '-q' || word === '--quiet') into.quiet = true;
  else if (word === '-v' || word === '--verbose') into.verbose = true;
  else if (word === '--offline') into.offline = true;
  else if (word.startsWith('--target=')) into.target = word.slice('--target='.length);
  else if (word === '--target') {
    into.target = argv[at + 1] ?? usage('--target needs the name of a state', './prime graph lists them');
    return 2;
  } else if (word.startsWith('--env=')) into.env = word.slice('--env='.length);
  else if (word === '--env') {
    into.env = argv[at + 1] ?? usage('--env needs the name of an environment', 'Write --env NAME');
    return 2;
  } else return 0;
  return 1;
}

/** Parses what follows `./prime`. @throws PrimeError PRIME_USAGE */
export function parsePrimeLine(argv: readonly string[], env: NodeJS.ProcessEnv, tasks: readonly string[]): PrimeArguments {
  const common = unsaid(env);
  const flags = { dry: false, mermaid: false, proto: false };
  let command: Command | undefined;
  let argument: string | undefined;
  let line: string | undefined;
  for (let i = 0; i < argv.length; i += 1) {
    const word = argv[i] ?? '';
    const taken = takeCommon(argv, i, common);
    if (taken > 0) i += taken - 1;
    else if (word === '--dry') flags.dry = true;
    else if (word === '--mermaid') flags.mermaid = true;
    else if (word === '--proto') flags.proto = true;
    else if (command === 'shell' && (word === '-c' || word === '--command'))
      line = argv[(i += 1)] ?? usage(`${word} needs a line`, "Write ./prime shell -c 'LINE'");
    else if (command === 'shell' && word.startsWith('--command=')) line = word.slice('--command='.length);
    else if (word.startsWith('-')) usage(`unknown option ${word}`, near(word, OPTIONS) ?? './prime --help lists the options');
    else if (command === undefined && tasks.includes(word))
      return { ...common, ...flags, command: 'boot', argument, line, task: word, taskArguments: argv.slice(i + 1) };
    else if (command === undefined && isCommand(word)) command = word;
    else if (argument === undefined && command !== undefined && WITH_ARGUMENT.includes(command)) argument = word;
    else usage(`unknown command ${word}`, near(word, [...Object.keys(COMMANDS), ...tasks]) ?? './prime --help lists the commands');
  }
  if ((flags.mermaid || flags.proto) && command !== 'graph')
    usage('--mermaid and --proto are options of graph', 'Write ./prime graph --mermaid');
  return { ...common, ...flags, command: command ?? 'boot', argument, line, task: undefined, taskArguments: [] };
}

/** Parses the command line of a boot main: the common options, its own, and what follows `--`. @throws PrimeError PRIME_USAGE */
export function parseBootLine<O extends Readonly<Record<string, OptionKind>>>(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
  own: O,
): PrimeArgs<O> {
  const common = unsaid(env);
  const values: Record<string, string | boolean | undefined> = {};
  for (const [name, kind] of Object.entries(own)) values[name] = kind === 'flag' ? false : undefined;
  const done = (rest: readonly string[]): PrimeArgs<O> => ({ ...common, values: values as ValuesOf<O>, rest });
  for (let i = 0; i < argv.length; i += 1) {
    const word = argv[i] ?? '';
    if (word === '--') return done(argv.slice(i + 1));
    const taken = takeCommon(argv, i, common);
    if (taken > 0) {
      i += taken - 1;
      continue;
    }
    const [, name = '', , value] = /^--([^=]+)(=(.*))?$/s.exec(word) ?? [];
    const kind = Object.prototype.hasOwnProperty.call(own, name) ? own[name] : undefined;
    if (kind === 'flag' && value === undefined) values[name] = true;
    else if (kind === 'text') values[name] = value ?? argv[(i += 1)] ?? usage(`--${name} needs a value`, `Write --${name} VALUE`);
    else usage(`unknown argument ${word}`, near(word, [...COMMON, ...Object.keys(own).map((one) => `--${one}`)]) ?? 'Write it after --');
  }
  return done([]);
}
