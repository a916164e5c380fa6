// Stacks as a program sees them: without the frames of this package, which stands between the program and whatever it calls. Node has
// `Error.prepareStackTrace` from the start, and it shows places in the sources; here it is only given less.
import { findSourceMap } from 'node:module';
import util from 'node:util';
import type { Patcher } from './patch.ts';

type Prepare = (error: Error, trace: readonly NodeJS.CallSite[]) => unknown;

/** Where the files of this package stand, built or not. */
const OWN = import.meta.url.slice(0, import.meta.url.lastIndexOf('/durable/runner/') + 1);

const isOwn = (file: unknown): boolean => typeof file === 'string' && file.startsWith(OWN);

/** Of a stack that is this package's alone all is shown: there is nothing else to see. */
function shown<T>(frames: readonly T[], fileOf: (frame: T) => unknown): T[] {
  const others = frames.filter((frame) => !isOwn(fileOf(frame)));
  return others.length === 0 ? [...frames] : others;
}

/** A frame with its place in the source, for whoever reads frames instead of text. */
function inSource(frame: NodeJS.CallSite): NodeJS.CallSite {
  const [file, line, column] = [frame.getFileName(), frame.getLineNumber(), frame.getColumnNumber()];
  if (typeof file !== 'string' || line === null || column === null) return frame;
  const entry = findSourceMap(file)?.findEntry(line - 1, column - 1);
  if (entry === undefined || !('originalSource' in entry)) return frame;
  const { originalSource, originalLine, originalColumn } = entry;
  const place: Readonly<Record<string, () => unknown>> = {
    getFileName: () => originalSource,
    getScriptNameOrSourceURL: () => originalSource,
    getLineNumber: () => originalLine + 1,
    getColumnNumber: () => originalColumn + 1,
    toString: () =>
      (frame as { toString(): string })
        .toString()
        .replace(
          `${file}:${String(line)}:${String(column)}`,
          () => `${originalSource}:${String(originalLine + 1)}:${String(originalColumn + 1)}`,
        ),
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
      const frames = shown(trace, (frame) => frame.getFileName());
      return Reflect.apply(given, this, [error, given === native ? frames : frames.map(inSource)]);
    };
    originals.set(made, given);
    realm.kinds.mark(made, 'language');
    return made;
  };
  const native: unknown = Reflect.get(Error, 'prepareStackTrace');
  if (typeof native !== 'function') return;
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
    return shown(native(MOST_FRAMES, { ...options, sourceMap: true }), ({ scriptName }) => scriptName).slice(0, count);
  });
}

/** Stacks of programs. @param isAlone whether the process runs nothing else: what is done to errors is done to all of it */
export function patchStacks(patcher: Patcher, isAlone: boolean): void {
  if (isAlone) patchPrepare(patcher);
  patchCallSites(patcher);
}
