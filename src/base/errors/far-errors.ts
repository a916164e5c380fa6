// Errors that came from another process which is not trusted: its texts are data. What they say is shown as that process's words; it never gives
// the exit code, an advice, or a place to open here.
import { isErrorCode } from './error-codes.ts';
import { isResproutError, type Problem } from './errors.ts';

/** Characters of a far stack that are kept, so that what is written behind it is kept too, wherever it goes. */
const MOST_STACK = 16_384;

const MARK = /^ {4}---- (.*) ----$/gm;
const LAST_MARK = /\n {4}---- on [^\n]* ----$/;

/** What ends the far part of a stack. */
const markOf = (context: string): string => `\n    ---- on ${context.replaceAll('\n', ' ')} ----`;

/** The fields of a problem that are texts; whatever else an error holds in its place is none. */
export function problemFields(problem: unknown, names: readonly ('tried' | 'saw' | 'kept' | 'do')[]): Problem {
  if (typeof problem !== 'object' || problem === null) return {};
  const fields: Record<string, string> = {};
  for (const name of names) {
    const value: unknown = Object.getOwnPropertyDescriptor(problem, name)?.value;
    if (typeof value === 'string') fields[name] = value;
  }
  return fields;
}

function define(error: Error, key: string, value: unknown, enumerable: boolean): void {
  Object.defineProperty(error, key, { value, enumerable, writable: true, configurable: true });
}

/** Says of an error that it came from a context. Called for each one that is read from there, before anything else sees it. */
export function markFar(error: Error, context: string): void {
  const { stack } = error;
  define(error, 'stack', `${typeof stack === 'string' ? stack.slice(0, MOST_STACK) : error.message}${markOf(context)}`, false);
  if (!isResproutError(error)) return;
  const code: unknown = Object.getOwnPropertyDescriptor(error, 'code')?.value;
  const problem: unknown = Object.getOwnPropertyDescriptor(error, 'problem')?.value;
  define(error, 'code', typeof code === 'string' && isErrorCode(code) ? code : 'INTERNAL', true);
  define(error, 'problem', problemFields(problem, ['tried', 'saw']), true);
  define(error, 'far', context, true);
}

/** A far stack with frames of this process behind it, below a line that says what was called. */
export function joinedStack(farStack: string, what: string, own: string): string {
  return `${farStack.replace(LAST_MARK, '')}\n    ---- ${what}, called at ----\n${own}`;
}

/** A stack in two: what came from a far side, with what was called there, and the frames that this process wrote itself. */
export interface StackParts {
  /** What was called, such as `web-1: ops.ts#upgrade`, and the stack there. Data: it names nothing on this machine. */
  readonly far: { readonly what: string; readonly stack: string } | undefined;
  readonly own: string;
}

/** The parts of a stack. The last mark is ours: a far side writes above it. */
export function stackParts(stack: string): StackParts {
  const last = [...stack.matchAll(MARK)].at(-1);
  if (last === undefined) return { far: undefined, own: stack };
  const [line, text = ''] = last;
  const far = { what: text.replace(/^on |, called at$/g, ''), stack: stack.slice(0, last.index) };
  return { far, own: stack.slice(last.index + line.length) };
}
