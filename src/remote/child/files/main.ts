// The far half of `context.files`: a module that travels when it is used first. The near half uses the same files.
import { isSecret, type Secret } from '../../../base/secret.ts';
import { contextInfo } from '../own-face.ts';
import type { Pieces } from './entries.ts';
import { receive as receiveFiles, type Expected } from './receive.ts';
import { write as writeFile } from './small-files.ts';

export { list } from './list.ts';
export { prepare } from './prepare.ts';
export { send } from './send.ts';
export { read } from './small-files.ts';

/** Writes files as they come. */
export async function receive(root: string, steps: AsyncIterable<Pieces>, expected: Expected): Promise<void> {
  await receiveFiles(root, steps, expected, contextInfo().signal);
}

/** Writes a whole file. */
export async function write(path: string, data: string | Uint8Array | Secret, mode: number | undefined, newMode: number): Promise<void> {
  await writeFile(path, isSecret(data) ? data.reveal() : data, mode, newMode);
}
