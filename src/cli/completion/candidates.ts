// What may come next on a command line that is being written. Reads names of sessions and the one file that is named; runs nothing.
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { ERROR_CODES } from '../../base/errors/error-codes.ts';
import { fileExports } from '../../modules/index.ts';
import { projectRoot } from '../../modules/project/project-root.ts';
import { readProjectSettings } from '../../modules/project/project-settings.ts';
import { createDisk } from '../../platform/disk/disk.ts';
import { TARGET_STARTS } from '../../remote/connect/target.ts';
import { isSessionId } from '../../worker/index.ts';
import type { CommandUnknownOpts } from '../arguments/commander.ts';
import { STATES } from '../arguments/parse-states.ts';
import { parseProgram } from '../arguments/program-text.ts';
import { storeFolder } from '../arguments/store-folder.ts';
import { isTargetWord, targetWords } from '../hosts/target-words.ts';
import type { Terminal } from '../terminal.ts';

export interface Candidate {
  readonly value: string;
  readonly about: string;
}

/** Words that fit, or what the shell itself completes. */
export type Candidates = readonly Candidate[] | 'files' | 'folders';

/** What is asked: the words before the cursor after `resprout`, the last one unfinished and perhaps empty. */
export interface Asked {
  readonly words: readonly string[];
  readonly program: CommandUnknownOpts;
  readonly terminal: Pick<Terminal, 'env' | 'cwd'>;
}

type Option = CommandUnknownOpts['options'][number];

/** Sessions that are offered, the newest first: more cannot be read. */
const MOST_SESSIONS = 50;
const SHELLS = ['bash', 'zsh', 'fish'];

/** What may stand at the last word. */
export function candidatesFor(asked: Asked): Candidates {
  const { words, program } = asked;
  const word = words.at(-1) ?? '';
  const [name = '', ...before] = words.slice(0, -1);
  if (words.length < 2) return word.startsWith('-') ? optionsOf(program, [], word) : commandsOf(program, word);
  const command = program.commands.find((one) => one.name() === name || one.aliases().includes(name));
  if (command === undefined) return [];
  if (before.includes('--')) return 'files';
  const [, long = '', value] = /^(--[\w-]+)=(.*)$/s.exec(word) ?? [];
  const open = value === undefined ? before.at(-1) : long;
  const valued = takingValue(command, open);
  if (valued !== undefined) {
    const found = valuesOf(valued, asked);
    if (typeof found === 'string') return found;
    return fitting(found, value ?? word).map((one) => (value === undefined ? one : { ...one, value: `${long}=${one.value}` }));
  }
  if (word.startsWith('-')) return optionsOf(command, before, word);
  return argumentsOf(command, before, word, asked);
}

function fitting(all: readonly Candidate[], word: string): readonly Candidate[] {
  return all.filter(({ value }) => value.startsWith(word));
}

const named = (values: readonly string[], about = ''): readonly Candidate[] => values.map((value) => ({ value, about }));

function commandsOf(program: CommandUnknownOpts, word: string): readonly Candidate[] {
  // Hidden commands have no summary.
  const shown = program.commands.filter((command) => command.summary() !== '');
  return fitting(
    shown.map((command) => ({ value: command.name(), about: command.summary() })),
    word,
  );
}

function optionsOf(command: CommandUnknownOpts, before: readonly string[], word: string): readonly Candidate[] {
  const unused = command.options.filter(({ long, short }) => !before.some((one) => one === long || one === short));
  const all = unused.map(({ long, short, description }) => ({ value: long ?? short ?? '', about: description }));
  return fitting([...all, { value: '--help', about: 'show the help' }], word);
}

function valuesOf({ long, argChoices }: Option, asked: Asked): Candidates {
  if (argChoices !== undefined) return named(argChoices);
  // Several may be named, joined by commas.
  if (long === '--state') return named(STATES.map((state) => `${asked.words.at(-1)?.match(/^(?:--state=)?(.*,)/)?.[1] ?? ''}${state}`));
  if (long === '--store') return 'folders';
  if (long === '--build' || long === '--new-key' || long === '--out') return 'files';
  return long === '--session' ? sessions(asked, []) : [];
}

function argumentsOf(command: CommandUnknownOpts, before: readonly string[], word: string, asked: Asked): Candidates {
  const operands = operandsOf(command, before);
  // Several targets stand where one is declared.
  const given =
    command.registeredArguments[0]?.name() === 'TARGET' ? operands.slice(Math.max(0, targetWords(operands).targets.length - 1)) : operands;
  const { registeredArguments } = command;
  const last = registeredArguments.at(-1);
  const argument = registeredArguments[given.length] ?? (last?.variadic === true ? last : undefined);
  switch (argument?.name()) {
    case undefined:
      return [];
    case 'SESSION':
      return fitting(sessions(asked, given, word !== '' && !'ses_'.startsWith(word) && !word.startsWith('ses_')), word);
    case 'FILE[:EXPORT]':
    case 'FILE[:FUNCTION]':
      if (command.registeredArguments[0]?.name() === 'TARGET' && isTargetWord(word)) return fitting(targetsOf(asked), word);
      return word.includes(':') ? fitting(exportsOf(word, asked), word) : 'files';
    case 'FILE':
      return 'files';
    case 'FOLDER':
      return 'folders';
    case 'TARGET':
      return fitting(targetsOf(asked), word);
    case 'SHELL':
      return fitting(named(SHELLS), word);
    case 'CODE|COMMAND':
      return fitting([...commandsOf(asked.program, ''), ...codes()], word.toUpperCase() === word ? word : word.toLowerCase());
    default:
      return fitting(named(argument?.argChoices ?? []), word);
  }
}

/** The words that are neither options nor their values. */
function operandsOf(command: CommandUnknownOpts, before: readonly string[]): readonly string[] {
  return before.filter((one, i) => !one.startsWith('-') && takingValue(command, before[i - 1]) === undefined);
}

/** The option of this name, when a value must follow it. */
function takingValue({ options }: CommandUnknownOpts, name: string | undefined): Option | undefined {
  if (name === undefined) return undefined;
  return options.find(({ required, long, short }) => required && (long === name || short === name));
}

function codes(): readonly Candidate[] {
  return Object.entries(ERROR_CODES).map(([value, { means }]) => ({ value, about: means }));
}

/** @param isShort whether the person leaves `ses_` out */
function sessions({ words, terminal }: Asked, given: readonly string[], isShort = false): readonly Candidate[] {
  const at = words.findLastIndex((one) => one === '--store');
  const folder = path.join(storeFolder(at < 0 ? undefined : words[at + 1], terminal.env, terminal.cwd), 'runs');
  const ids = existsSync(folder) ? readdirSync(folder).filter((id) => isSessionId(id) && !given.includes(id)) : [];
  const newest = ids.toSorted().reverse().slice(0, MOST_SESSIONS);
  return [
    { value: 'last', about: 'the session that was started last' },
    ...named(newest.map((id) => (isShort ? id.slice('ses_'.length) : id))),
  ];
}

/** Methods, and the names of the settings. */
function targetsOf({ terminal }: Asked): readonly Candidate[] {
  const disk = createDisk();
  const { inventory } = readProjectSettings(disk, projectRoot(disk, path.join(terminal.cwd, 'x')));
  return named([...inventory.names().map((name) => `@${name}`), ...TARGET_STARTS]);
}

function exportsOf(word: string, { terminal }: Asked): readonly Candidate[] {
  const text = word.slice(0, word.lastIndexOf(':'));
  const { file } = parseProgram(text, terminal.cwd);
  return named(fileExports(file, createDisk()).map((name) => `${text}:${name}`));
}
