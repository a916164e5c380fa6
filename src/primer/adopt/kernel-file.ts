// What the first line of a kernel says of it: its version, and a hash of all that follows.
import { createHash } from 'node:crypto';

/** A kernel as a file. */
export interface KernelFile {
  readonly version: string;
  /** Whether it is what was made: an edited or a torn one is not. */
  readonly isWhole: boolean;
}

/** Reads the text of one; undefined when it is none. */
export function readKernel(text: string): KernelFile | undefined {
  const end = text.indexOf('\n');
  const [, version, hash] = /^\/\/ prime kernel (\d+\.\d+\.\d+) sha256 ([0-9a-f]{64})$/.exec(text.slice(0, end)) ?? [];
  if (version === undefined) return undefined;
  const seen = createHash('sha256')
    .update(text.slice(end + 1))
    .digest('hex');
  return { version, isWhole: seen === hash };
}
