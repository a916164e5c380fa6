// A bash, zsh or fish with the required Node and the programs of the packages first on PATH: interactive, for one line, or reading a pipe.
// An interactive one reads the user's own files first; PATH is set after them. The others read none, so that they do the same everywhere.
import path from 'node:path';
import { isatty as isTerminal } from 'node:tty';
import type { ShellRequest } from '../../primer-api/state-context.ts';
import { isExecutable, makeFolder, writeAtomic } from '../files.ts';
import { pathFolders } from '../machine/machine-npm.ts';
import { PrimeError } from '../problem.ts';

/** A program to become. */
export interface Successor {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

const KNOWN = ['bash', 'zsh', 'fish'] as const;
type Kind = (typeof KNOWN)[number];

const quoted = (text: string): string => `'${text.replace(/'/g, `'\\''`)}'`;
/** In fish a backslash counts between single quotes. */
const fishQuoted = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;

/** The file of a shell, and which it is. @throws PrimeError PRIME_USAGE */
function find(name: string, env: NodeJS.ProcessEnv): { readonly file: string; readonly kind: Kind } {
  const kind = KNOWN.find((one) => one === path.basename(name));
  const places = name.includes('/') ? [name] : pathFolders(env).map((folder) => path.join(folder, name));
  const file = places.find(isExecutable);
  if (kind !== undefined && file !== undefined) return { file, kind };
  throw new PrimeError('PRIME_USAGE', kind === undefined ? `${name} is no shell that is known here` : `${name} cannot be run`, {
    saw: `SHELL=${env['SHELL'] ?? ''}`,
    do: 'Name another one: SHELL=/bin/bash ./prime shell',
  });
}

/** Arguments and environment of an interactive shell, with its files written. */
function interactive(kind: Kind, folder: string, label: string, env: NodeJS.ProcessEnv): Omit<Successor, 'file'> {
  const PATH = env['PATH'] ?? '';
  if (kind === 'fish') return { args: ['--interactive', '--init-command', `set -gx PATH (string split : ${fishQuoted(PATH)})`], env };
  makeFolder(folder);
  const mark = `PS1=${quoted(`(${label.replace(/[^\w.-]/g, '')}) `)}"$PS1"\n`;
  if (kind === 'bash') {
    const file = path.join(folder, 'bashrc');
    writeAtomic(file, `if [ -r ~/.bashrc ]; then . ~/.bashrc; fi\nexport PATH=${quoted(PATH)}\n${mark}`);
    return { args: ['--rcfile', file, '-i'], env };
  }
  // zsh looks for its files in one folder: ours read the user's, and give the folder back.
  const own = env['ZDOTDIR'];
  const home = own === undefined ? '"$HOME"' : quoted(own);
  const back = own === undefined ? 'unset ZDOTDIR' : `export ZDOTDIR=${quoted(own)}`;
  writeAtomic(path.join(folder, '.zshenv'), `if [ -r ${home}/.zshenv ]; then . ${home}/.zshenv; fi\nexport ZDOTDIR=${quoted(folder)}\n`);
  writeAtomic(
    path.join(folder, '.zshrc'),
    `${back}\nif [ -r ${home}/.zshrc ]; then . ${home}/.zshrc; fi\nexport PATH=${quoted(PATH)}\n${mark}`,
  );
  return { args: ['-i'], env: { ...env, ZDOTDIR: folder } };
}

const WITHOUT_FILES: Readonly<Record<Kind, readonly string[]>> = { bash: ['--norc', '--noprofile'], zsh: ['-f'], fish: ['--no-config'] };

/**
 * The shell to become.
 * @param line what it shall run; undefined: what comes from stdin
 * @param folder for the files of an interactive one
 * @throws PrimeError PRIME_USAGE when there is none
 */
export function shellFor(
  request: ShellRequest,
  line: string | undefined,
  folder: string,
  label: string,
  env: NodeJS.ProcessEnv,
): Successor {
  const { file, kind } = find(request.program ?? (env['SHELL'] || 'bash'), env);
  const all = { ...env, ...request.env };
  if (line !== undefined) return { file, args: [...WITHOUT_FILES[kind], '-c', line], env: all };
  // Asked by number: process.stdin must not be touched, or a piped stdin loses bytes.
  if (isTerminal(0)) return { file, ...interactive(kind, folder, label, all) };
  // fish reads a pipe by itself, but no socket, which is what other programs of Node give.
  return { file, args: [...WITHOUT_FILES[kind], ...(kind === 'fish' ? ['-c', 'cat | source'] : ['-s'])], env: all };
}
