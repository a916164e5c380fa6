import path from 'node:path';

/** A file as a person in this folder names it: relative inside the folder, absolute elsewhere. */
export function shortPath(file: string, cwd: string): string {
  const relative = path.relative(cwd, file);
  return relative === '' || relative.startsWith('..') ? file : relative;
}
