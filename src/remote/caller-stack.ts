/** Folder of this package's own code, as stacks name it; that of the bundle where this is part of one. */
const OWN = decodeURIComponent(new URL('../', import.meta.url).pathname);

/** The stack of a call without its first line and without the frames of this package: where the program made it. */
export function callerStack({ stack = '' }: Error): string {
  const frames = stack.split('\n').filter((line) => line.startsWith('    at '));
  return frames.filter((line) => !decoded(line).includes(OWN)).join('\n');
}

/** Urls in stacks are percent-encoded, paths are not. */
function decoded(line: string): string {
  try {
    return line.includes('file://') ? decodeURIComponent(line) : line;
  } catch {
    return line;
  }
}
