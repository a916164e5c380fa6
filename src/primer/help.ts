// Texts of `./prime --help` and of `--help` of boot mains.
import { COMMANDS } from './command-line.ts';
import type { OptionKind } from '../primer-api/programs.ts';
import { requiredNode, type PrimeConfig } from './config/config.ts';

const row = (name: string, does: string): string => `  ${name.padEnd(18)} ${does}`;

const COMMON_ROWS: readonly string[] = [
  row('--target STATE', 'prepare up to this state only (./prime graph lists them)'),
  row('--env NAME', 'select an environment, and keep it selected'),
  row('--offline', 'use the cache only, fail when something is not in it'),
  row('-q, --quiet', 'print errors only'),
  row('-v, --verbose', 'print what the tools say'),
  row('-h, --help', 'this text'),
];

/** What a boot main prints for `--help`. */
export function bootHelp(name: string, own: Readonly<Record<string, OptionKind>>): string {
  const options = Object.entries(own).map(([option, kind]) => row(`--${option}${kind === 'text' ? ' VALUE' : ''}`, 'of this program'));
  return [
    `Usage: ${name} [OPTIONS] [-- ARGS…]`,
    '',
    'Prepares its repository, then runs.',
    '',
    'Options:',
    ...options,
    ...COMMON_ROWS,
    '',
  ].join('\n');
}

/** What `./prime --help` prints. */
export function helpText(config: PrimeConfig): string {
  return [
    'Usage: ./prime [COMMAND | TASK [ARGS…]] [OPTIONS]',
    '',
    `Prepares this folder: Node ${requiredNode(config).text}, the packages of the lockfile, the build. Does nothing when all is up to date.`,
    '',
    'Commands:',
    ...Object.entries(COMMANDS).map(([name, does]) => row(name, does)),
    '',
    'Tasks:',
    ...Object.entries(config.tasks).map(([name, task]) => row(name, task.does)),
    '',
    'Options:',
    ...COMMON_ROWS,
    row('--dry', 'say what would be done, change nothing'),
    row('--mermaid', 'of graph: as a Mermaid flowchart'),
    row('--proto', 'of graph: the states of the kernel alone'),
    '',
    'Environment: PRIME_ENV=NAME, PRIME_OFFLINE=1, PRIME_QUIET=1, PRIME_VERBOSE=1, NO_COLOR, XDG_CACHE_HOME',
    '',
  ].join('\n');
}
