// Texts of `./prime --help` and `./prime graph`.
import { COMMANDS } from './command-line.ts';
import { requiredNode, type PrimeConfig } from './config.ts';
import type { AnyState } from './states/graph.ts';

/** What `./prime --help` prints. */
export function helpText(config: PrimeConfig): string {
  const row = (name: string, does: string): string => `  ${name.padEnd(18)} ${does}`;
  return [
    'Usage: ./prime [COMMAND | TASK [ARGS…]] [OPTIONS]',
    '',
    `Prepares this folder: Node ${requiredNode(config)}, the packages of the lockfile, the build. Does nothing when all is up to date.`,
    '',
    'Commands:',
    ...Object.entries(COMMANDS).map(([name, does]) => row(name, does)),
    '',
    'Tasks:',
    ...Object.entries(config.tasks).map(([name, task]) => row(name, task.does)),
    '',
    'Options:',
    row('--target STATE', 'prepare up to this state only (./prime graph lists them)'),
    row('--offline', 'use the cache only, fail when something is not in it'),
    row('--dry', 'say what would be done, change nothing'),
    row('-q, --quiet', 'print errors only'),
    row('-v, --verbose', 'print what the tools say'),
    row('-h, --help', 'this text'),
    '',
    'Environment: PRIME_OFFLINE=1, PRIME_QUIET=1, PRIME_VERBOSE=1, NO_COLOR, XDG_CACHE_HOME',
    '',
  ].join('\n');
}

/** What `./prime graph` prints: parents first. */
export function graphText(states: readonly AnyState[]): string {
  return states
    .map((state) => {
      const needs = state.parents.length === 0 ? '' : `  needs ${state.parents.map((parent) => parent.name).join(', ')}`;
      return `${state.name.padEnd(10)} ${state.does}${needs}\n`;
    })
    .join('');
}
