import type { SourceMapMappings, SourceMapSegment } from '@jridgewell/sourcemap-codec';
import type { Piece } from './pieces.ts';

type SourceSegment = readonly [column: number, line: number, sourceColumn: number];

/** A rising cursor over the segments of one map, asked by offsets of the text it describes. */
class SegmentIndex {
  readonly #lines: readonly (readonly SourceSegment[])[];
  readonly #starts: readonly number[];

  constructor(lowered: string, mappings: SourceMapMappings) {
    const starts = [0];
    for (let at = lowered.indexOf('\n'); at >= 0; at = lowered.indexOf('\n', at + 1)) starts.push(at + 1);
    this.#starts = starts;
    this.#lines = starts.map((_, line) => (mappings[line] ?? []).flatMap(sourceSegment));
  }

  /** Where the text at `offset` comes from, moved on by the distance to the segment before it; undefined when nothing is known. */
  trace(offset: number): readonly [line: number, column: number] | undefined {
    const line = lastNotAbove(this.#starts, offset);
    const segments = this.#lines[line] ?? [];
    const column = offset - (this.#starts[line] ?? 0);
    const found = segments[lastSegment(segments, column)] ?? segments[0];
    return found === undefined ? undefined : [found[1], found[2]];
  }

  /** Offsets of the segments and line starts inside `(from, to)`, rising. */
  *boundaries(from: number, to: number): Iterable<number> {
    for (let line = lastNotAbove(this.#starts, from); line < this.#starts.length; line++) {
      const start = this.#starts[line] ?? 0;
      if (start >= to) return;
      if (start > from) yield start;
      for (const [column] of this.#lines[line] ?? []) {
        const offset = start + column;
        if (offset > from && offset > start && offset < to) yield offset;
      }
    }
  }
}

function sourceSegment(segment: SourceMapSegment): SourceSegment[] {
  return segment.length === 1 ? [] : [[segment[0], segment[2], segment[3]]];
}

/** Index of the last of the rising `values` that is not above `value`; 0 when all are. */
function lastNotAbove(values: readonly number[], value: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((values[middle] ?? 0) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

function lastSegment(segments: readonly SourceSegment[], column: number): number {
  let low = -1;
  let high = segments.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((segments[middle]?.[0] ?? 0) <= column) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * The map from the output to the source: what the pieces say about the lowered text, followed through the mappings of the lowered text.
 * Inside a range every segment of the lowered text is kept, so columns are as exact as the lowering's own.
 */
export function composeMap(pieces: readonly Piece[], lowered: string, mappings: SourceMapMappings): SourceMapMappings {
  const index = new SegmentIndex(lowered, mappings);
  const lines: SourceMapSegment[][] = [[]];
  let column = 0;

  const mark = (offset: number): void => {
    const source = index.trace(offset);
    if (source !== undefined) lines.at(-1)?.push([column, 0, source[0], source[1]]);
  };
  const advance = (text: string): void => {
    const end = text.lastIndexOf('\n');
    if (end < 0) {
      column += text.length;
      return;
    }
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines.push([]);
    column = text.length - end - 1;
  };

  for (const piece of pieces) {
    if ('text' in piece) {
      if (piece.origin >= 0) mark(piece.origin);
      advance(piece.text);
      continue;
    }
    let at = piece.from;
    mark(at);
    for (const boundary of index.boundaries(piece.from, piece.to)) {
      advance(lowered.slice(at, boundary));
      at = boundary;
      mark(at);
    }
    advance(lowered.slice(at, piece.to));
  }
  return lines;
}
