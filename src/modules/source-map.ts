import { decode, encode, type SourceMapMappings } from '@jridgewell/sourcemap-codec';

/** A source map as it lies on disk (version 3, one source). */
export interface RawSourceMap {
  readonly version: 3;
  readonly sources: readonly string[];
  readonly names: readonly string[];
  readonly mappings: string;
}

/** A place in the TypeScript text, 1-based. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Finds places of a lowered text in the text it was made from. */
export interface OriginFinder {
  /** The place in the original text that stands behind an offset (UTF-16 units) of the lowered one. */
  placeOf(offset: number): Place;
}

/** Offsets at which the lines of a text begin. */
export function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** Place of an offset in its own text, 1-based. */
export function placeIn(starts: readonly number[], offset: number): Place {
  const line = lastNotAbove(starts.length, (index) => starts[index] ?? 0, offset);
  return { line: line + 1, column: offset - (starts[line] ?? 0) + 1 };
}

/** Index of the last of `count` rising values that is not above `value`; 0 when all are. */
function lastNotAbove(count: number, valueAt: (index: number) => number, value: number): number {
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (valueAt(middle) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Looks places up in decoded mappings. A place before the first segment of its line takes that segment; a line without any, the one above. */
export function originFinder(lowered: string, mappings: SourceMapMappings): OriginFinder {
  const starts = lineStarts(lowered);
  return {
    placeOf(offset) {
      const at = placeIn(starts, offset);
      for (let line = at.line - 1; line >= 0; line--) {
        const segments = (mappings[line] ?? []).filter((segment) => segment.length > 1);
        if (segments.length === 0) continue;
        const column = line === at.line - 1 ? at.column - 1 : Number.MAX_SAFE_INTEGER;
        const segment = segments[lastNotAbove(segments.length, (index) => segments[index]?.[0] ?? 0, column)];
        if (segment !== undefined && segment.length > 1) return { line: (segment[2] ?? 0) + 1, column: (segment[3] ?? 0) + 1 };
      }
      return { line: 1, column: 1 };
    },
  };
}

/** Mappings of a map, decoded: lines of segments `[column, source, line, column]`, 0-based. */
export function decodeMappings(map: RawSourceMap): SourceMapMappings {
  return decode(map.mappings);
}

/** A map with one source from decoded mappings. */
export function encodeMap(source: string, mappings: SourceMapMappings): RawSourceMap {
  return { version: 3, sources: [source], names: [], mappings: encode(mappings) };
}
