// Programs that are not right yet, each with its reason: known.txt, one a line. It only gets shorter: a program of this list that has
// become right fails the tests until its line is taken out. `node test/idioms/run.ts … --write-known` writes it anew.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** The first stage that is not right. Of `kills` a few only may be wrong: the whole run knows, the tests see a sample. */
export const KNOWN_STAGES = ['session', 'replay', 'kills'] as const;
export type KnownStage = (typeof KNOWN_STAGES)[number];

export interface Known {
  readonly name: string;
  readonly at: KnownStage;
  /** Wrong at some times only: it may be right in a run. */
  readonly isRare: boolean;
  readonly why: string;
}

const FILE = path.join(import.meta.dirname, 'known.txt');
const HEAD = `# stage, \`~\` when it is wrong at some times only, program, what was seen. See known.ts
`;

function parseLine(line: string): Known {
  const match = /^(session|replay|kills)(~?)\s+(\S+)\s+(.+)$/.exec(line);
  if (match === null) throw new Error(`known.txt: ${line}`);
  const [, at = '', rare, name = '', why = ''] = match;
  return { name, at: at as KnownStage, isRare: rare === '~', why };
}

function lineOf({ name, at, isRare, why }: Known): string {
  return `${`${at}${isRare ? '~' : ''}`.padEnd(8)} ${name.padEnd(44)} ${why}`;
}

/** @param file another list of the same form */
export function readKnown(file = FILE): ReadonlyMap<string, Known> {
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(lines.map(parseLine).map((known) => [known.name, known]));
}

export function writeKnown(all: Iterable<Known>, file = FILE): void {
  const lines = [...all].sort((a, b) => a.name.localeCompare(b.name)).map(lineOf);
  writeFileSync(file, `${HEAD}${lines.join('\n')}\n`);
}
