import type { SourcePlace } from '../base/errors/errors.ts';

/** Folder of this package's own code, as stacks name it; that of the bundle where this is part of one. */
const OWN = decodeURIComponent(new URL('../', import.meta.url).pathname);

/** The stack of a call without its first line and without the frames of this package: where the program made it. */
export function callerStack({ stack = '' }: Error): string {
  const frames = stack.split('\n').filter((line) => line.startsWith('    at '));
  return frames.filter((line) => !decoded(line).includes(OWN)).join('\n');
}

const FRAME = /^ {4}at (?:.*? \(|async )?(?:file:\/\/)?(\/[^:]+):(\d+):(\d+)\)?$/m;

/** The place of the first of these frames. */
export function callerPlace(frames: string): SourcePlace | undefined {
  const [, file, line, column] = FRAME.exec(decoded(frames)) ?? [];
  return file === undefined ? undefined : { file, line: Number(line), column: Number(column) };
}

/** Urls in stacks are percent-encoded, paths are not. */
function decoded(line: string): string {
  try {
    return line.includes('file://') ? decodeURIComponent(line) : line;
  } catch {
    return line;
  }
}
