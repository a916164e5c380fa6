// Stacks as a program sees them: without the frames of this package, which stands between the program and whatever it calls. Node has
// `Error.prepareStackTrace` from the start; what it writes here is what the engine writes, with places in the sources.
import { findSourceMap } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import util from 'node:util';
import { isCommonJsScript } from '../build/compile.ts';
import type { Patcher } from './patch.ts';

/**
 * Frames that the engine keeps of a stack: half of them and more are this package's, and the program sees as many as it would without. It is a
 * plain value that the engine reads, so a program that asks for it sees this number.
 */
const KEPT_FRAMES = 40;

type Prepare = (error: Error, trace: readonly NodeJS.CallSite[]) => unknown;

/** Where the files of this package stand, built or not. */
const OWN = import.meta.url.slice(0, import.meta.url.lastIndexOf('/durable/runner/') + 1);

/** Name of the function that makes a call at a place of the program: it is this package's, whatever its file. */
export const PLACED_CALL = '$d_placed';

/** Whose code a frame is of. */
type Origin = 'program' | 'node' | 'own';

function originOf(file: unknown, name: unknown): Origin {
  if (typeof file !== 'string') return 'program';
  if (file.startsWith(OWN) || name === PLACED_CALL) return 'own';
  return file.startsWith('node:') ? 'node' : 'program';
}

/**
 * The frames of the program: without those of this package, of what it calls Node for on its way, and of what called it at the bottom. Of a stack
 * that is this package's alone all is shown: there is nothing else to see.
 */
function shown<T>(frames: readonly T[], origin: (frame: T) => Origin): T[] {
  const last = frames.findLastIndex((frame) => origin(frame) === 'program');
  const others: T[] = [];
  // Node's frames wait until it is known who called them: between two of ours they are ours too.
  let waiting: T[] = [];
  let isAboveOurs = false;
  for (const [index, frame] of frames.entries()) {
    const from = origin(frame);
    if (from === 'own') {
      if (!isAboveOurs && index < last) others.push(...waiting);
      isAboveOurs = true;
      waiting = [];
    } else if (from === 'node') waiting.push(frame);
    else {
      others.push(...waiting, frame);
      waiting = [];
      isAboveOurs = false;
    }
  }
  if (!isAboveOurs) others.push(...waiting);
  return others.length === 0 ? [...frames] : others;
}

interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A file as the engine would name it without us: modules of ECMAScript by their address, CommonJS files by their path. */
function named(source: string, script: string): string {
  const isUrl = source.startsWith('file://');
  if (!isCommonJsScript(script)) return isUrl ? source : pathToFileURL(source).href;
  return isUrl ? fileURLToPath(source) : source;
}

/** A place in the source; undefined where the text that runs is the source. */
function sourceOf({ file, line, column }: Place): Place | undefined {
  const entry = findSourceMap(file)?.findEntry(line - 1, column - 1);
  if (entry === undefined || !('originalSource' in entry)) return undefined;
  const { originalSource, originalLine, originalColumn } = entry;
  return { file: named(originalSource, file), line: originalLine + 1, column: originalColumn + 1 };
}

const shownPlace = ({ file, line, column }: Place): string => `${file}:${String(line)}:${String(column)}`;

/** What an `eval` came from: `eval at run (FILE:LINE:COLUMN)`. */
const EVAL_PLACE = /\(((?:file:|\/)[^()]*):(\d+):(\d+)\)/g;

const evalInSource = (text: string): string =>
  text.replace(EVAL_PLACE, (whole, file: string, line: string, column: string) => {
    const place = sourceOf({ file, line: Number(line), column: Number(column) });
    return place === undefined ? whole : `(${shownPlace(place)})`;
  });

/** A name that the engine took from a nameless function's surroundings in the text that runs, which are this package's there. */
const OUR_NAME = /(?:^|\.)\$d(?:_\d+_)?\./;

/** The text of a frame as the engine writes it. */
function engineText(frame: NodeJS.CallSite): string {
  const text = (frame as { toString(): string }).toString();
  return OUR_NAME.test(frame.getFunctionName() ?? '')
    ? text.replace(/^(async )?.*? \((.*)\)$/, (_, how: string | undefined, place: string) => `${how ?? ''}${place}`)
    : text;
}

/** The same, with its place in the source. */
function textOf(frame: NodeJS.CallSite): string {
  const text = engineText(frame);
  if (frame.isEval()) return evalInSource(text);
  const [file, line, column] = [frame.getFileName(), frame.getLineNumber(), frame.getColumnNumber()];
  if (typeof file !== 'string' || line === null || column === null) return text;
  const at = { file, line, column };
  const place = sourceOf(at);
  return place === undefined ? text : text.replace(shownPlace(at), () => shownPlace(place));
}

/** A frame with its place in the source, for whoever reads frames instead of text. */
function inSource(frame: NodeJS.CallSite): NodeJS.CallSite {
  const [file, line, column] = [frame.getFileName(), frame.getLineNumber(), frame.getColumnNumber()];
  if (typeof file !== 'string' || line === null || column === null) return frame;
  const source = sourceOf({ file, line, column });
  if (source === undefined) return frame;
  const place: Readonly<Record<string, () => unknown>> = {
    getFileName: () => source.file,
    getScriptNameOrSourceURL: () => source.file,
    getLineNumber: () => source.line,
    getColumnNumber: () => source.column,
    toString: () => textOf(frame),
  };
  return new Proxy(frame, {
    get(target, key) {
      if (typeof key === 'string' && Object.hasOwn(place, key)) return place[key];
      const value: unknown = Reflect.get(target, key);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

/** What the program puts there is given less too. A function that is put back is the one that was there. */
function patchPrepare({ realm }: Patcher): void {
  const originals = new WeakMap<Prepare, Prepare>();
  const wrapped = (given: Prepare): Prepare => {
    const made: Prepare = function (this: unknown, error, trace) {
      const frames = shown(trace, (frame) => originOf(frame.getFileName(), frame.getFunctionName())).slice(0, limit());
      if (given !== native) return Reflect.apply(given, this, [error, frames.map(inSource)]);
      // The first lines are Node's; with source maps it writes the rest without what the engine knows of names.
      const head = String(Reflect.apply(native as Prepare, this, [error, []]));
      return [head, ...frames.map(textOf)].join('\n    at ');
    };
    originals.set(made, given);
    realm.kinds.mark(made, 'language');
    return made;
  };
  const native: unknown = Reflect.get(Error, 'prepareStackTrace');
  if (typeof native !== 'function') return;
  const usual = Error.stackTraceLimit;
  Error.stackTraceLimit = KEPT_FRAMES;
  const limit = (): number => (Error.stackTraceLimit === KEPT_FRAMES ? usual : Error.stackTraceLimit);
  let current: unknown = wrapped(native as Prepare);
  Object.defineProperty(Error, 'prepareStackTrace', {
    configurable: true,
    enumerable: false,
    get: () => current,
    set(given: unknown) {
      current = typeof given === 'function' && !originals.has(given as Prepare) ? wrapped(given as Prepare) : given;
    },
  });
}

const DEFAULT_FRAMES = 8;
const MOST_FRAMES = 200;

interface Site {
  readonly scriptName: string;
  readonly functionName: string;
}
type GetCallSites = (count: number, options: object) => Site[];

/** `util.getCallSites`, with places in the sources. */
function patchCallSites(patcher: Patcher): void {
  const native = Reflect.get(util, 'getCallSites') as GetCallSites | undefined;
  if (native === undefined) return;
  patcher.replace(util as object, 'getCallSites', 'language', (...args: unknown[]): unknown => {
    if (patcher.session() === undefined) return Reflect.apply(native, util, args as never) as unknown;
    // What Node refuses, it refuses in its own words.
    Reflect.apply(native, util, args as never);
    const count = typeof args[0] === 'number' ? args[0] : DEFAULT_FRAMES;
    const options = args.find((arg) => typeof arg === 'object' && arg !== null) ?? {};
    // Whoever wants the text that V8 runs gets its frames as they are, less this one: this package asks so itself.
    if (Reflect.get(options, 'sourceMap') === false) return native(Math.min(count + 1, MOST_FRAMES), options).slice(1);
    return shown(native(MOST_FRAMES, { ...options, sourceMap: true }), ({ scriptName, functionName }) =>
      originOf(scriptName, functionName),
    ).slice(0, count);
  });
}

/** Stacks of programs. @param isAlone whether the process runs nothing else: what is done to errors is done to all of it */
export function patchStacks(patcher: Patcher, isAlone: boolean): void {
  if (isAlone) patchPrepare(patcher);
  patchCallSites(patcher);
}
