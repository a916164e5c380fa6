// What a whole run says: a line per program, a table per concern, a file that a later run goes on from.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Outcome } from '../stages/pool.ts';
import type { Program } from '../tables/program.ts';
import { VERDICTS, worst, type StageVerdict, type Verdict } from '../verdicts/verdict.ts';

/** One program in the file. */
export interface Entry {
  readonly name: string;
  /** Hash of its text: a program that was changed is examined again. */
  readonly text: string;
  readonly verdict: Verdict | 'unsound';
  readonly events: number;
  readonly tookMs: number;
  /** Kills that struck, and how many of each verdict. */
  readonly kills: Readonly<Partial<Record<Verdict, number>>>;
  readonly killsLeftOut: number;
  /** Every stage that is not right. */
  readonly stages: readonly StageVerdict[];
  readonly unsound?: string | undefined;
}

export function textHash(program: Program): string {
  const { files, form, argv, stdin, mayLose, mayRefuse, fails, volatile, repeats, inFlight, blur } = program;
  const facts = [...files, form, argv, stdin, mayLose, mayRefuse, fails, volatile, repeats, inFlight, String(blur)];
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 16);
}

const isKill = ({ stage }: StageVerdict): boolean => /^kill \d/.test(stage);

export function entryOf(outcome: Outcome): Entry {
  const { program, tookMs } = outcome;
  const common = { name: program.name, text: textHash(program), tookMs };
  if ('unsound' in outcome)
    return { ...common, verdict: 'unsound', events: 0, kills: {}, killsLeftOut: 0, stages: [], unsound: outcome.unsound };
  const { stages, events, killsLeftOut } = outcome.examination;
  const kills: Partial<Record<Verdict, number>> = {};
  for (const { verdict } of stages.filter(isKill)) kills[verdict] = (kills[verdict] ?? 0) + 1;
  return {
    ...common,
    verdict: worst(stages.map(({ verdict }) => verdict)),
    events,
    kills,
    killsLeftOut,
    stages: stages.filter(({ verdict }) => verdict !== 'right'),
  };
}

const WHY_CHARACTERS = 230;

/** One line: the program, and what is not right of it; stages of one reason stand together. */
export function entryLine(entry: Entry): string {
  const head = `${entry.verdict.toUpperCase().padEnd(18)} ${entry.name.padEnd(46)}`;
  if (entry.unsound !== undefined) return `${head} ${entry.unsound}`;
  const struck = Object.values(entry.kills).reduce((sum, count) => sum + count, 0);
  const left = entry.killsLeftOut === 0 ? '' : ` and ${entry.killsLeftOut} left out`;
  const groups = new Map<string, string[]>();
  for (const { stage, verdict, why } of entry.stages) {
    const key = `${verdict}${why === undefined ? '' : ` ${why.replaceAll('\n', ' ').slice(0, WHY_CHARACTERS)}`}`;
    groups.set(key, [...(groups.get(key) ?? []), stage]);
  }
  const reasons = [...groups].map(([why, stages]) => `\n    ${stages.join(', ')}: ${why}`);
  return `${head} ${entry.events} events, ${struck} kills${left}, ${(entry.tookMs / 1000).toFixed(1)} s${reasons.join('')}`;
}

export function readEntries(file: string): Entry[] {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { programs: Entry[] }).programs : [];
}

export function writeEntries(file: string, entries: readonly Entry[]): void {
  const programs = [...entries].sort((a, b) => a.name.localeCompare(b.name));
  writeFileSync(file, `${JSON.stringify({ node: process.version, programs }, undefined, 1)}\n`);
}

type Class = 'right' | 'repeated' | 'coded' | 'unexpectedly' | 'else';

function classOf(verdict: Entry['verdict']): Class {
  if (verdict === 'right' || verdict === 'coded') return verdict;
  if (verdict === 'coded unexpectedly') return 'unexpectedly';
  return verdict === 'unsound' || VERDICTS.indexOf(verdict) > VERDICTS.indexOf('coded') ? 'else' : 'repeated';
}

const CLASSES: readonly Class[] = ['right', 'repeated', 'coded', 'unexpectedly', 'else'];

/** How many there are, and of each class. */
function counted(verdicts: readonly Entry['verdict'][]): string[] {
  return [verdicts.length, ...CLASSES.map((name) => verdicts.filter((verdict) => classOf(verdict) === name).length)].map(String);
}

function killVerdicts(entry: Entry): Verdict[] {
  const each = Object.entries(entry.kills) as [Verdict, number][];
  return each.flatMap(([verdict, times]) => Array.from({ length: times }, () => verdict));
}

/** The table for a document: programs and kills by concern. */
export function table(entries: readonly Entry[]): string {
  const concerns = [...new Set(entries.map(({ name }) => name.split('/')[0] ?? ''))].sort();
  const row = (label: string, of: readonly Entry[]): string =>
    `| ${[label, ...counted(of.map(({ verdict }) => verdict)), ...counted(of.flatMap(killVerdicts))].join(' | ')} |`;
  return [
    '| concern | programs | right | right, something twice | coded | coded unexpectedly | else | kills | right | right, something twice | coded | coded unexpectedly | else |',
    `|${' --- |'.repeat(13)}`,
    ...concerns.map((concern) =>
      row(
        concern,
        entries.filter(({ name }) => name.startsWith(`${concern}/`)),
      ),
    ),
    row('**all**', entries),
    '',
  ].join('\n');
}
