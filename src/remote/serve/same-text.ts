/** What type stripping puts where types were. */
const STRIPPED: ReadonlySet<string> = new Set([' ', ';', ',', ')']);

/** Whether V8's text is a source with its types blanked out: same length, and every other character is a filler. */
export function isSameText(running: string, source: string): boolean {
  if (running === source) return true;
  if (running.length !== source.length) return false;
  for (let at = 0; at < running.length; at++) {
    const character = running[at];
    if (character !== source[at] && !STRIPPED.has(character ?? '')) return false;
  }
  return true;
}

const SOURCE_COMMENT = /\n\/\/# source(?:URL|MappingURL)=[^\n]*\s*$/;

function withoutSourceComments(text: string): string {
  let rest = text;
  while (SOURCE_COMMENT.test(rest)) rest = rest.replace(SOURCE_COMMENT, '');
  return rest.trimEnd();
}

/** Whether V8 runs another text than the one on the disk. Comments about the source at the end do not count: Node appends them. */
export function isOtherText(running: string, onDisk: string): boolean {
  return !isSameText(withoutSourceComments(running), withoutSourceComments(onDisk));
}

/** Whether a text was made by a loader that left its map in it: such a text cannot be compared with the file. */
export function hasInlineMap(running: string): boolean {
  return /\n\/\/# sourceMappingURL=data:[^\n]*\s*(?:\n\/\/# source[^\n]*\s*)*$/.test(running);
}

/** Offset of a 1-based place in a text; undefined behind its end. */
export function offsetOf(text: string, line: number, column: number): number | undefined {
  let start = 0;
  for (let n = 1; n < line; n++) {
    start = text.indexOf('\n', start) + 1;
    if (start === 0) return undefined;
  }
  const offset = start + column - 1;
  return offset <= text.length ? offset : undefined;
}

/**
 * Where in a function's own text V8's place may point: an arrow's start, a method's or function's parameters, a class's constructor.
 * Several for classes, whose constructor is not told apart from other calls in the text.
 */
export function anchorsIn(text: string): readonly number[] {
  if (/^class\b/.test(text)) return [0, ...[...text.matchAll(/\(/g)].map((match) => match.index)];
  const isArrow = /^(?:async\b\s*)?(?:\(|[\p{ID_Start}$_][\p{ID_Continue}$]*\s*=>)/u.test(text) && !/^async\s*\([^)]*\)\s*\{/.test(text);
  return isArrow ? [0, text.indexOf('(')] : [text.indexOf('(')];
}
