// npm reads the settings of one project only: those of a folder, else of the root that it belongs to, else of the folder of the kernel.
import path from 'node:path';
import { lstat } from '../files.ts';

/** The `.npmrc` that counts for a place of a root; undefined when there is none. */
export function npmrcOf({ root, kernelFolder }: { readonly root: string; readonly kernelFolder: string }, place = ''): string | undefined {
  return [path.join(root, place), root, kernelFolder]
    .map((folder) => path.join(folder, '.npmrc'))
    .find((file) => lstat(file) !== undefined);
}
