// How an error looks: code and message, then at, cause, tried, saw, kept, do, more. Absent fields are left out.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ERROR_CODES, type ErrorCode } from '../../../base/errors/error-codes.ts';
import { codeOf, isResproutError, type Problem, type SourcePlace } from '../../../base/errors/errors.ts';
import { causeLines } from './causes.ts';
import { isOurFile } from './our-files.ts';
import { safeLine, safeText } from '../text/safe-text.ts';
import { shortPath } from '../text/short-path.ts';
import type { Style } from '../style.ts';
import { widthOf } from '../text/width.ts';

/** A problem ready to be shown or printed as JSON. */
export interface ShownProblem extends Problem {
  readonly code: ErrorCode;
  readonly message: string;
  /** What lies behind it: gathered errors and causes, a line each. */
  readonly causes?: readonly string[] | undefined;
}

/** What an error of any kind is shown as. Errors that are not coded are the program's own. */
export function problemOf(error: Error, more: Problem = {}): ShownProblem {
  if (isResproutError(error)) {
    const problem = { ...error.problem, ...defined(more) };
    const causes = causeLines(error, [error.message, problem.saw ?? ''].join('\n'));
    return { code: error.code, message: error.message, causes, ...problem };
  }
  const code = codeOf(error) ?? 'PROGRAM_FAILED';
  const message = `${error.name}: ${error.message}`;
  return { code, message, causes: causeLines(error, ''), at: firstUserFrame(error.stack), ...defined(more) };
}

function defined(problem: Problem): Problem {
  return Object.fromEntries(Object.entries(problem).filter(([, value]) => value !== undefined));
}

const FRAME = /^ {4}at (?:.*? \(|async )?((?:file:\/\/)?\/[^:]+):(\d+):(\d+)\)?$/gm;

/** A file of a frame as a path. What is no address of a file that this machine can have stays as it is. */
function pathOf(named: string): string {
  if (!named.startsWith('file://')) return named;
  try {
    return fileURLToPath(named);
  } catch {
    return named;
  }
}

/** The first frame that is not Node's, a package's or ours. */
export function firstUserFrame(stack: string | undefined): SourcePlace | undefined {
  for (const [, named = '', line, column] of (stack ?? '').matchAll(FRAME)) {
    const file = pathOf(named);
    if (file.includes('/node_modules/') || isOurFile(file)) continue;
    return { file, line: Number(line), column: Number(column) };
  }
  return undefined;
}

function sourceLine(at: SourcePlace): string | undefined {
  try {
    return readFileSync(at.file, 'utf8').split('\n')[at.line - 1];
  } catch {
    // The file is gone or cannot be read: the place alone is shown.
    return undefined;
  }
}

function placeLines(at: SourcePlace, cwd: string): string[] {
  const place = `${safeLine(shortPath(at.file, cwd))}:${at.line}:${at.column}`;
  const source = sourceLine(at);
  if (source === undefined || source.trim() === '' || source.length > 200) return [place];
  const indent = source.length - source.trimStart().length;
  const shown = safeLine(source.trim());
  const caret = ' '.repeat(widthOf(place) + 5 + widthOf(safeLine(source.slice(indent, Math.max(indent, at.column - 1)))));
  return [`${place}     ${shown}`, `${caret}^`];
}

/** The lines of a problem, for a stream with this style. */
export function renderProblem(problem: ShownProblem, style: Style, cwd: string): string[] {
  const field = (name: string, lines: readonly string[]): string[] =>
    lines.map((line, i) => `   ${style.paint('dim', (i === 0 ? name : '').padEnd(6))} ${line}`);
  const text = (name: string, value: string | undefined): string[] =>
    value === undefined ? [] : field(name, safeText(value.trimEnd()).split('\n'));
  const [first = '', ...rest] = safeText(problem.message).split('\n');
  return [
    `${style.paint('red', `${style.symbols.failed} ${problem.code}`)}  ${first}`,
    // Below the values: a message of a stranger must not look like a field.
    ...field('', rest),
    ...(problem.at === undefined ? [] : field('at', placeLines(problem.at, cwd))),
    ...field(
      'cause',
      (problem.causes ?? []).map((line) => safeLine(line)),
    ),
    ...text('tried', problem.tried),
    // A message of several lines shows both sides already.
    ...text('saw', rest.length > 0 && problem.code === 'JOURNAL_DIVERGED' ? undefined : problem.saw),
    ...text('kept', problem.kept),
    ...text('do', problem.do ?? ERROR_CODES[problem.code].cure),
    ...text('more', `resprout help ${problem.code}`),
  ];
}

/** Something that the user should know and that stops nothing: what, what goes on nevertheless, where to read more. */
export function renderWarning({ code, message, kept }: ShownProblem, style: Style): string[] {
  const field = (name: string, text: string): string => `   ${style.paint('dim', name.padEnd(6))} ${safeLine(text)}`;
  const head = `${style.paint('yellow', `${style.symbols.warning} ${code}`)}  ${safeLine(message)}`;
  return [head, ...(kept === undefined ? [] : [field('kept', kept)]), field('more', `resprout help ${code}`)];
}

/** The fields of a problem as `--json` prints them; absent ones left out. */
export function problemJson(problem: ShownProblem): Record<string, string | readonly string[]> {
  const { code, message, at, tried, saw, kept } = problem;
  const causes = problem.causes?.length === 0 ? undefined : problem.causes;
  const place = at === undefined ? undefined : `${at.file}:${at.line}:${at.column}`;
  const all = { code, message, causes, at: place, tried, saw, kept, do: problem.do ?? ERROR_CODES[code].cure };
  return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string | readonly string[]] => entry[1] !== undefined));
}
