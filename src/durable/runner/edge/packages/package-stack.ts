import { packageOf } from '../../../replay/kinds/module-exports.ts';

/** The packages of a stack. */
export interface PackageStack {
  /** The one that the program called. */
  readonly user: string | undefined;
  /** The innermost one. */
  readonly inner: string | undefined;
  /** The innermost file of a package. */
  readonly file: string | undefined;
}

const FRAME_FILE = /\(?(?:file:\/\/)?(\/[^()]*?)(?::\d+){1,2}\)?$/;

/** Reads the text of a stack, innermost frame first. Frames of files outside of `node_modules` end it: they are the program's. */
export function packagesOf(stack: string): PackageStack {
  const files: string[] = [];
  for (const line of stack.split('\n')) {
    const file = FRAME_FILE.exec(line.trim())?.[1];
    if (file === undefined) continue;
    if (packageOf(file) !== undefined) files.push(file);
    // Frames of this package stand between: they are passed over until the first package was met.
    else if (files.length > 0) break;
  }
  const [first] = files;
  const last = files.at(-1);
  return {
    inner: first === undefined ? undefined : packageOf(first),
    user: last === undefined ? undefined : packageOf(last),
    file: first,
  };
}
