/** Cells of a Markdown table, by its header line. An error when the document has no such table. */
export function tableRows(document: string, header: string): string[][] {
  const lines = document.split('\n');
  const at = lines.indexOf(header);
  if (at < 0) throw new Error(`no table begins with ${header}`);
  const body = lines.slice(at + 2);
  const end = body.findIndex((line) => !line.startsWith('|'));
  return (end < 0 ? body : body.slice(0, end)).map((line) =>
    line
      .slice(1, line.lastIndexOf('|'))
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim()),
  );
}
