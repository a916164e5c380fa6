/** JSON with comments and trailing commas, as tsconfig.json is written, as plain JSON: what is taken out becomes blanks. */
export function plainJson(text: string): string {
  let out = '';
  let at = 0;
  while (at < text.length) {
    const end = endOfPiece(text, at);
    const piece = text.slice(at, end);
    out += piece.startsWith('//') || piece.startsWith('/*') ? piece.replaceAll(/[^\n]/g, ' ') : piece;
    at = end;
  }
  return withoutTrailingCommas(out);
}

/** End of the string, comment or single character that begins at `at`. */
function endOfPiece(text: string, at: number): number {
  if (text.startsWith('//', at)) return indexOrEnd(text, '\n', at);
  if (text.startsWith('/*', at)) return Math.min(indexOrEnd(text, '*/', at + 2) + 2, text.length);
  if (text[at] !== '"') return at + 1;
  let end = at + 1;
  while (end < text.length && text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
  return Math.min(end + 1, text.length);
}

function indexOrEnd(text: string, what: string, from: number): number {
  const found = text.indexOf(what, from);
  return found < 0 ? text.length : found;
}

function withoutTrailingCommas(text: string): string {
  return text.replaceAll(/"(?:[^"\\]|\\.)*"|,(?=\s*[}\]])/gs, (piece) => (piece === ',' ? ' ' : piece));
}
