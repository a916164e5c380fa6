import path from 'node:path';

const ourFolder = path.resolve(import.meta.dirname, '..', '..', '..');

/** Whether a file is one of this copy of the package, or of another one that is installed somewhere. */
export function isOurFile(file: string): boolean {
  return file.startsWith(`${ourFolder}${path.sep}`) || file.includes('/node_modules/resprout/dist/');
}
