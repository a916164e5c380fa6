import type { FunctionEntry } from '../../base/builds/build.ts';
import { decodeMappings, originFinder, parseMap, type FileArtefacts, type Place } from '../../modules/index.ts';

const isBefore = (a: Place, b: Place): boolean => a.line < b.line || (a.line === b.line && a.column <= b.column);

/** A text without what printers change: blanks, quotes, brackets of expressions, ends of statements, comments. */
function bones(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, '').replaceAll(/[\s;,()'"`]/g, '');
}

/**
 * The function whose head (start to body) holds a place in the TypeScript text. Maps are coarse, so several may: then it is the one whose
 * text is what V8 runs. Undefined when no text is (a printer writes some literals another way): V8's own text must be asked for then.
 */
export function entryAtPlace(artefacts: FileArtefacts, place: Place, running: string): FunctionEntry | undefined {
  const { lowered, table } = artefacts;
  const origin = originFinder(lowered, decodeMappings(parseMap(artefacts.loweredMap)));
  const near = table.functions.filter((entry) => isBefore(entry, place) && isBefore(place, origin.placeAfter(entry.body)));
  const wanted = bones(running);
  if (/^class\b/.test(running)) return innermost(near, ({ kind }) => kind === 'class');
  const same = near.filter((entry) => wanted.endsWith(bones(lowered.slice(...entry.range))));
  return same.toSorted((a, b) => b.range[1] - b.range[0] - (a.range[1] - a.range[0]))[0];
}

/** The innermost function whose head holds an offset of the text that the entries were made from. */
export function entryAtOffset(entries: readonly FunctionEntry[], offset: number): FunctionEntry | undefined {
  return innermost(entries, (entry) => entry.range[0] <= offset && offset <= entry.body);
}

function innermost(entries: readonly FunctionEntry[], holds: (entry: FunctionEntry) => boolean): FunctionEntry | undefined {
  let best: FunctionEntry | undefined;
  for (const entry of entries) if (holds(entry) && (best === undefined || entry.range[0] >= best.range[0])) best = entry;
  return best;
}

/** The entry of the disk file that stands for one of a loader's text: names survive loaders, places do not. */
export function counterpart(entries: readonly FunctionEntry[], found: FunctionEntry): FunctionEntry | undefined {
  const { path } = found;
  if (path === null) {
    return entries.find((entry) => entry.path === null && entry.why?.rule === found.why?.rule && entry.why?.wraps === found.why?.wraps);
  }
  const [, ...below] = path;
  const isPath = (entry: FunctionEntry, wanted: readonly string[]): boolean => entry.path?.join('.') === wanted.join('.');
  const byExport = (entry: FunctionEntry): boolean =>
    found.exports.some((name) => isPath(entry, [name, ...below]) || (below.length === 0 && entry.exports.includes(name)));
  return (
    entries.find((entry) => entry.path !== null && isPath(entry, path)) ?? entries.find((entry) => entry.path !== null && byExport(entry))
  );
}
