// Functions that look at who calls them: node:test says of each test where it stands. Called by this package they would find one of its files.
import util from 'node:util';
import { Script } from 'node:vm';
import { PLACED_CALL } from '../globals/stacks.ts';
import { isFunction, type AnyFunction } from '../../replay/kinds/value-checks.ts';

type Caller = (f: AnyFunction, o: unknown, args: readonly unknown[]) => unknown;

const BEFORE_LINE_ONE = -2;

/** A function that makes its call at this place. The engine counts the place of a call from the name of what is called. */
function callerAt(file: string, line: number, column: number): Caller | undefined {
  const text = `(function ${PLACED_CALL}(f, o, args) { return Reflect.\n${' '.repeat(column - 1)}apply(f, o, args); })`;
  const made: unknown = new Script(text, { filename: file, lineOffset: line + BEFORE_LINE_ONE }).runInThisContext();
  return isFunction(made) ? made : undefined;
}

const callers = new Map<string, Caller | undefined>();

/** `f.apply(o, args)`, for the engine called at the place in the source where the program calls it. */
export function callInPlace(f: AnyFunction, o: unknown, args: readonly unknown[]): unknown {
  const [site] = util.getCallSites(1, { sourceMap: true });
  if (site === undefined) return Reflect.apply(f, o, args);
  const { scriptName, lineNumber, columnNumber } = site;
  const key = `${scriptName}:${String(lineNumber)}:${String(columnNumber)}`;
  const caller = callers.get(key) ?? callerAt(scriptName, lineNumber, columnNumber);
  callers.set(key, caller);
  return caller === undefined ? Reflect.apply(f, o, args) : caller(f, o, args);
}
