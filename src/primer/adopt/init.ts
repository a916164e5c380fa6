// `prime init`: the two files that a repository commits. `@write`: the same for a kernel that takes the place of an older one.
import path from 'node:path';
import { readConfig, requiredNode } from '../config/config.ts';
import { lstat, readText } from '../files.ts';
import { compareVersions } from '../machine/version-range.ts';
import { PrimeError } from '../problem.ts';
import { readKernel, type KernelFile } from './kernel-file.ts';
import { checkPlace, KERNEL_NAME, writeFiles } from './write-files.ts';

/** What was done. */
export interface Initialised {
  readonly root: string;
  readonly version: string;
  /** Names of files that were written; none when all were as they should be. */
  readonly written: readonly string[];
  /** The Node that the folder wants, and where it says so; null when it says nothing. */
  readonly node: { readonly wanted: string; readonly from: string | null };
}

/** The kernel of this process, as a file. @throws PrimeError PRIME_UPDATE when it was edited */
export function ownKernel(file: string): { readonly text: string; readonly kernel: KernelFile } {
  const text = readText(file) ?? '';
  const kernel = readKernel(text);
  if (kernel !== undefined && kernel.isWhole) return { text, kernel };
  throw new PrimeError('PRIME_UPDATE', `${path.basename(file)} is not what its first line vouches for`, {
    at: file,
    saw: 'it was edited, or torn',
    kept: 'Nothing was changed',
    do: 'Restore it from version control; changes belong into src/primer of Resprout',
  });
}

/** Refuses to put an older kernel in the place of a newer one, or any in the place of an edited one. */
function checkKernel(root: string, version: string): void {
  const text = readText(path.join(root, KERNEL_NAME));
  if (text === undefined) return;
  const there = readKernel(text);
  const refuse = (message: string, cure: string): never => {
    throw new PrimeError('PRIME_IN_THE_WAY', message, { at: path.join(root, KERNEL_NAME), kept: 'Nothing was changed', do: cure });
  };
  if (there === undefined) refuse(`${KERNEL_NAME} is there already and is none`, 'Rename it, then run it again');
  else if (!there.isWhole) refuse(`${KERNEL_NAME} was edited`, 'Restore it from version control, or remove it, then run it again');
  else if (compareVersions(there.version, version) > 0)
    refuse(`${KERNEL_NAME} ${there.version} is newer than this one, ${version}`, 'Keep it; ./prime update looks for a still newer one');
}

/** Writes the two files into a folder. @throws PrimeError PRIME_IN_THE_WAY, PRIME_CONFIG_INVALID */
export function initFolder(kernelFile: string, folder: string): Initialised {
  const root = path.resolve(folder);
  if (lstat(root)?.isDirectory() !== true)
    throw new PrimeError('PRIME_USAGE', `${root} is no folder`, { do: 'Name the folder of the repository' });
  const { text, kernel } = ownKernel(kernelFile);
  checkPlace(root);
  checkKernel(root, kernel.version);
  const config = readConfig(root);
  const written = writeFiles(root, text);
  return { root, version: kernel.version, written, node: { wanted: requiredNode(config).text, from: config.wanted.from ?? null } };
}

/** What is said of it. */
export function initText({ root, version, written, node }: Initialised): string {
  const from =
    node.from === null ? 'any from 12 on, since nothing here names one' : `${node.wanted}, as ${path.relative(root, node.from)} says`;
  return [
    written.length === 0 ? `nothing to do: kernel ${version} is here` : `wrote ${written.join(', ')} (kernel ${version})`,
    `Node: ${from}`,
    '',
    'Next:  ./prime          prepares this folder; .prime/ is never committed',
    '       ./prime pin 26   pins a Node that is fetched where it is missing',
    '       git add prime proto_kernel.cjs',
    '',
  ].join('\n');
}
