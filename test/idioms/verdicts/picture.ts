import type { FailureText } from '../inside/failure.ts';
import type { FolderPicture } from './folder-picture.ts';

/** Everything that counts of one run from beginning to end, whoever ran it. */
export interface Picture {
  readonly exitCode: number | null;
  readonly signal?: string | undefined;
  /** Canonical text of what `main` returned; absent when it returned nothing or did not return. */
  readonly value?: string | undefined;
  readonly failure?: FailureText | undefined;
  readonly stdout: string;
  readonly stderr: string;
  readonly files: FolderPicture;
}

/** Lines that Node writes about itself, and pids in them: no program prints those. */
const NODE_NOTES = /^\(node:\d+\) ExperimentalWarning:.*\n|^\(Use `node --trace-[^\n]*\n/gm;

/** The program's own text: without what Node says about itself, with the folder as `<cwd>`, and blurred where the program says so. */
export function ownText(text: string, folder: string, blur?: RegExp): string {
  const own = text
    .replace(NODE_NOTES, '')
    .replace(/^\(node:\d+\) /gm, '(node) ')
    .replaceAll(folder, '<cwd>');
  return blur === undefined ? own : own.replace(blur, '~');
}
