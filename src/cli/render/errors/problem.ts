// How an error looks: code and message, then at, cause, tried, saw, kept, do, more. Absent fields are left out.
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ERROR_CODES, type ErrorCode } from '../../../base/errors/error-codes.ts';
import { codeOf, isResproutError, type Problem, type SourcePlace } from '../../../base/errors/errors.ts';
import { problemFields, stackParts } from '../../../base/errors/far-errors.ts';
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
  /** What was called on a far side that threw it, and the place there: a text of the far side. */
  readonly far?: string | undefined;
  /** Where it happened, when a command did the same on several targets. Lines. */
  readonly on?: string | undefined;
}

/** What an error of any kind is shown as. Errors that are not coded are the program's own. */
export function problemOf(error: Error, more: Problem = {}): ShownProblem {
  const code = codeOf(error);
  if (isResproutError(error) && code !== undefined) {
    const problem = { at: placeOf(error.problem), ...problemFields(error.problem, ['tried', 'saw', 'kept', 'do']), ...defined(more) };
    const causes = causeLines(error, [error.message, problem.saw ?? ''].join('\n'));
    return { code, message: error.message, causes, ...problem };
  }
  const { saw } = isResproutError(error) ? problemFields(error.problem, ['saw']) : {};
  const causes = causeLines(error, '');
  const { far, own } = stackParts(typeof error.stack === 'string' ? error.stack : '');
  const place = { at: userFrame(own), far: far === undefined ? undefined : farText(far) };
  return { code: 'PROGRAM_FAILED', message: named(error), causes, ...defined({ ...place, saw }), ...defined(more) };
}

/** What an error calls itself, and where it came from when that is far. */
function named(error: Error): string {
  const name = String((isResproutError(error) ? error.code : error.name) as unknown);
  const from = isResproutError(error) && error.far !== undefined ? `${error.far}: ` : '';
  return `${from}${name}: ${String(error.message as unknown)}`;
}

/** The place of a problem, when it is one. */
function placeOf(problem: unknown): SourcePlace | undefined {
  const at: unknown = typeof problem === 'object' && problem !== null ? Reflect.get(problem, 'at') : undefined;
  if (typeof at !== 'object' || at === null || !('file' in at) || !('line' in at) || !('column' in at)) return undefined;
  const { file, line, column } = at;
  return typeof file === 'string' && typeof line === 'number' && typeof column === 'number' ? { file, line, column } : undefined;
}

/** What was called there, and where it threw as the far side tells it. */
function farText({ what, stack }: { readonly what: string; readonly stack: string }): string {
  const frame = userFrame(stack);
  return frame === undefined ? what : `${what} at ${frame.file}:${frame.line}:${frame.column}`;
}

function defined<P extends object>(problem: P): P {
  return Object.fromEntries(Object.entries(problem).filter(([, value]) => value !== undefined)) as P;
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
function userFrame(stack: string): SourcePlace | undefined {
  for (const [, address = '', line, column] of stack.matchAll(FRAME)) {
    const file = pathOf(address);
    if (file.includes('/node_modules/') || isOurFile(file)) continue;
    return { file, line: Number(line), column: Number(column) };
  }
  return undefined;
}

/** Larger ones are no sources. */
const MOST_BYTES = 4 * 1024 * 1024;

/** A line of a file. An error may name any file: pipes, devices and large files are not read. */
function sourceLine(at: SourcePlace): string | undefined {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(at.file, constants.O_RDONLY | constants.O_NONBLOCK);
    const stats = fstatSync(descriptor);
    if (!stats.isFile() || stats.size > MOST_BYTES) return undefined;
    return readFileSync(descriptor, 'utf8').split('\n')[at.line - 1];
  } catch {
    // The file is gone or cannot be read: the place alone is shown.
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
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
    ...text('far', problem.far === undefined ? undefined : problem.far.replaceAll(`${cwd}/`, '')),
    ...field(
      'cause',
      (problem.causes ?? []).map((line) => safeLine(line)),
    ),
    ...text('on', problem.on),
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
  const { code, message, at, far, tried, saw, kept } = problem;
  const causes = problem.causes?.length === 0 ? undefined : problem.causes;
  const place = at === undefined ? undefined : `${at.file}:${at.line}:${at.column}`;
  const all = { code, message, causes, at: place, far, tried, saw, kept, do: problem.do ?? ERROR_CODES[code].cure };
  return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string | readonly string[]] => entry[1] !== undefined));
}
