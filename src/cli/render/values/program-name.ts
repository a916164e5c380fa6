import { safeLine } from '../text/safe-text.ts';
import { shortPath } from '../text/short-path.ts';

/** A program as lists show it: its file, and the export that it begins with unless its body is the program. */
export function programName({ file, exportName }: { readonly file: string; readonly exportName: string }, cwd: string): string {
  const path = safeLine(shortPath(file, cwd));
  return exportName === '' ? path : `${path}:${exportName}`;
}
