import { decode, encode, type SourceMapMappings, type SourceMapSegment } from '@jridgewell/sourcemap-codec';
import { ResproutError } from '../../base/errors/errors.ts';

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
  /** The first mapped place at or behind an offset: an upper bound of where it is. */
  placeAfter(offset: number): Place;
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

/**
 * Looks places up in decoded mappings: the last mapped place at or before an offset, else the first behind it. Maps are coarse:
 * what stands between two mapped places gets the first of them.
 */
export function originFinder(lowered: string, mappings: SourceMapMappings): OriginFinder {
  const starts = lineStarts(lowered);
  const lines = mappings.map((line) => line.filter((segment) => segment.length > 1));
  return {
    placeOf(offset) {
      const at = placeIn(starts, offset);
      for (let line = at.line - 1; line >= 0; line--) {
        const segments = lines[line] ?? [];
        if (segments.length === 0) continue;
        const column = line === at.line - 1 ? at.column - 1 : Number.MAX_SAFE_INTEGER;
        const place = segmentPlace(segments[lastNotAbove(segments.length, (index) => segments[index]?.[0] ?? 0, column)]);
        if (place !== undefined) return place;
      }
      return { line: 1, column: 1 };
    },
    placeAfter(offset) {
      const at = placeIn(starts, offset);
      for (let line = at.line - 1; line < lines.length; line++) {
        const column = line === at.line - 1 ? at.column - 1 : 0;
        const place = segmentPlace((lines[line] ?? []).find((segment) => segment[0] >= column));
        if (place !== undefined) return place;
      }
      return { line: Number.MAX_SAFE_INTEGER, column: 1 };
    },
  };
}

function segmentPlace(segment: SourceMapSegment | undefined): Place | undefined {
  return segment === undefined || segment.length === 1 ? undefined : { line: segment[2] + 1, column: segment[3] + 1 };
}

/** Mappings of a map, decoded: lines of segments `[column, source, line, column]`, 0-based. */
export function decodeMappings(map: RawSourceMap): SourceMapMappings {
  return decode(map.mappings);
}

/** A map from its JSON text. @throws ResproutError BUILD_FILE_MISSING */
export function parseMap(text: string): RawSourceMap {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || !('mappings' in value) || typeof value.mappings !== 'string' || !('sources' in value))
    throw new ResproutError('BUILD_FILE_MISSING', 'a source map of the build is damaged');
  return { version: 3, sources: Array.isArray(value.sources) ? value.sources.map(String) : [], names: [], mappings: value.mappings };
}

/** The same map with other mappings. */
export function withMappings(map: RawSourceMap, mappings: SourceMapMappings): RawSourceMap {
  return { ...map, mappings: encode(mappings) };
}

/** A map with one source from decoded mappings. */
export function encodeMap(source: string, mappings: SourceMapMappings): RawSourceMap {
  return { version: 3, sources: [source], names: [], mappings: encode(mappings) };
}
