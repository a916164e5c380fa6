// The program of 75 calls (test/fixtures/programs/forms/seventy-five.ts): how it is started, and what its lines have in common in every run.
import { existsSync, readFileSync } from 'node:fs';
import type { TraceLine } from '../../kill-sweep/subject.ts';
import type { Order } from '../../worker/support/owner-process.ts';
import type { StagedProgram } from '../../support/programs.ts';

export const SESSION = 'ses_01m86ak2dbn1cm6kytd3q47vkc';
export const MARKS_IN_ALL = 13;
export const CALLS = '75 calls';

export interface Data {
  readonly marks: string;
  readonly node?: string;
}

/** An order for an owner process in the program's folder. */
export function orderOf(mode: Order['mode'], program: StagedProgram, data: Data, more: object = {}): Order {
  const [folder, file] = [program.folder, program.path('seventy-five.ts')];
  return { mode, options: { file, folder, storeFolder: program.path('.resprout'), sessionId: SESSION, data, ...more } };
}

/** The marks, in the order in which they were made. */
export function traceIn(file: string): TraceLine[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as TraceLine);
}

/** What ran, sorted: calls that are made together run in any order. */
export const marksIn = (file: string): readonly string[] =>
  traceIn(file)
    .map(({ what }) => what)
    .toSorted();

/** Lines without what differs by design: the program's folder, and the column that V8 and the build give a call. */
export function plainLines(lines: readonly string[], program: StagedProgram): readonly string[] {
  return lines.map((line) => line.replaceAll(`${program.folder}/`, '').replaceAll(/seventy-five\.ts:\d+:\d+/g, 'S'));
}

/** Cases whose words are others in a session: it knows the function, not the text of the call or the const that keeps it. */
export const OTHER_WORDS: ReadonlySet<string> = new Set(['package re-export', 'wrapped !', 'memoized !', 'bound !']);

/** A line without its words, for the cases above: name and code stay. */
export function withoutWords(line: string): string {
  if (!line.startsWith('[')) return line;
  const [name, value] = JSON.parse(line) as [string, { readonly code?: string } | null];
  return OTHER_WORDS.has(name) ? JSON.stringify([name, value?.code]) : line;
}
